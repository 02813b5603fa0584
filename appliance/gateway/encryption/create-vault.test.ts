// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { isHearthError } from "../../../shared/errors/index.ts";
import { createId } from "../../../shared/ids/index.ts";
import { createVault, type KeyOwner, type ValuePlace } from "./index.ts";
import { openTestBox } from "./testing.ts";

const place: ValuePlace = { table: "notes", row: "1", column: "body" };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return isHearthError(thrown) ? thrown.code : String(thrown);
  }
  return "nothing was thrown";
}

test("whatever is sealed opens again, and only in its place", () => {
  using box = openTestBox();
  const { vault } = box;
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const anyPlace = fc.record({ table: text, row: text, column: text });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), anyPlace, anyPlace, (plaintext, one, other) => {
      const sealed = vault.seal("system", one, plaintext);
      expect(vault.open("system", one, sealed)).toBe(plaintext);
      const isSame = one.table === other.table && one.row === other.row && one.column === other.column;
      if (!isSame) expect(codeOf(() => vault.open("system", other, sealed))).toBe("value-tampered");
    }),
    { numRuns: 60 },
  );
});

test("the parts of a place cannot be shifted into one another", () => {
  using box = openTestBox();
  const sealed = box.vault.seal("system", { table: "ab", row: "c", column: "d" }, "x");
  for (const [table, row, column] of [
    ["a", "bc", "d"],
    ["ab", "cd", ""],
    ["", "abc", "d"],
    ["abcd", "", ""],
  ] as const) {
    expect(codeOf(() => box.vault.open("system", { table, row, column }, sealed))).toBe("value-tampered");
  }
});

test("every single bit that is flipped, and every cut, is found", () => {
  using box = openTestBox();
  const sealed = box.vault.seal("system", place, "secret");
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(() => box.vault.open("system", place, changed))).toBe("value-tampered");
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(codeOf(() => box.vault.open("system", place, sealed.subarray(0, length)))).toBe("value-tampered");
  }
  const longer = Buffer.concat([sealed, Buffer.alloc(1)]);
  expect(codeOf(() => box.vault.open("system", place, longer))).toBe("value-tampered");
});

test("the same text sealed twice shares no byte pattern, and has the documented length", () => {
  using box = openTestBox();
  const one = box.vault.seal("system", place, "same");
  const other = box.vault.seal("system", place, "same");
  expect(one.length).toBe(1 + 4 + 12 + 4 + 16);
  expect(Buffer.from(one.subarray(5)).equals(Buffer.from(other.subarray(5)))).toBe(false);
});

test("a person's values do not open as another's, nor as the box's", () => {
  using box = openTestBox();
  const [ann, ben] = [createId("person"), createId("person")];
  for (const person of [ann, ben]) box.vault.createKey(person);
  const sealed = box.vault.seal(ann, place, "of Ann");
  for (const owner of [ben, "system"] satisfies KeyOwner[]) {
    expect(codeOf(() => box.vault.open(owner, place, sealed))).toBe("value-tampered");
  }
  expect(codeOf(() => box.vault.seal(createId("person"), place, "x"))).toBe("key-missing");
});

test("a destroyed key opens and seals nothing, and is gone from the database", () => {
  using box = openTestBox();
  const { database } = box.storage;
  const person = createId("person");
  box.vault.createKey(person);
  const select = database.query<{ wrapped: Uint8Array }, [string]>("SELECT wrapped FROM wrapped_keys WHERE owner = ?");
  const wrapped = select.get(person)?.wrapped ?? expect.unreachable();
  const sealed = box.vault.seal(person, place, "to be forgotten");
  box.vault.destroyKey(person);
  expect(codeOf(() => box.vault.open(person, place, sealed))).toBe("key-destroyed");
  expect(codeOf(() => box.vault.seal(person, place, "more"))).toBe("key-destroyed");
  expect(select.get(person)?.wrapped.every((byte) => byte === 0)).toBe(true);
  // Put back from an old copy of the row, it is still marked as destroyed.
  database.query("UPDATE wrapped_keys SET wrapped = ? WHERE owner = ?").run(wrapped, person);
  expect(codeOf(() => box.vault.open(person, place, sealed))).toBe("key-destroyed");
});

test("rotation seals with a new key number and leaves older values readable", () => {
  using box = openTestBox();
  const before = box.vault.seal("system", place, "before");
  box.vault.rotateKey("system");
  const after = box.vault.seal("system", place, "after");
  expect(Buffer.from(after).readUInt32BE(1)).toBeGreaterThan(Buffer.from(before).readUInt32BE(1));
  expect([before, after].map((sealed) => box.vault.open("system", place, sealed))).toEqual(["before", "after"]);
});

test("a key that was rolled back is never used again", () => {
  using box = openTestBox();
  const person = createId("person");
  const attempt = () =>
    box.storage.transaction(() => {
      box.vault.createKey(person);
      box.vault.seal(person, place, "lost");
      throw new Error("rolled back");
    });
  expect(attempt).toThrow("rolled back");
  box.vault.createKey(person);
  const sealed = box.vault.seal(person, place, "kept");
  using reopened = createVault({ storage: box.storage, masterKey: new Uint8Array(32).fill(7) });
  expect(reopened.open(person, place, sealed)).toBe("kept");
});

test("wrapped keys that were swapped or changed do not open", () => {
  using box = openTestBox();
  const { database } = box.storage;
  const [ann, ben] = [createId("person"), createId("person")];
  for (const person of [ann, ben]) box.vault.createKey(person);
  const sealed = box.vault.seal(ann, place, "of Ann");
  database.query("UPDATE wrapped_keys SET owner = 'x' || owner WHERE owner = ?").run(ann);
  database.query("UPDATE wrapped_keys SET owner = ? WHERE owner = ?").run(ann, ben);
  expect(codeOf(() => box.vault.seal(ann, place, "under Ben's key"))).toBe("value-tampered");
  expect(codeOf(() => box.vault.open(ann, place, sealed))).toBe("value-tampered");
});

test("more people than the cache holds are served all the same", () => {
  using box = openTestBox();
  using small = createVault({ storage: box.storage, masterKey: new Uint8Array(32).fill(7), cachedKeys: 3 });
  const people = Array.from({ length: 10 }, () => createId("person"));
  for (const person of people) small.createKey(person);
  const sealed = people.map((person) => small.seal(person, place, person));
  for (const [index, person] of people.entries()) {
    expect(small.open(person, place, sealed[index] ?? new Uint8Array())).toBe(person);
  }
});

test("another master key is a clear error, not garbage", () => {
  using box = openTestBox();
  const masterKey = new Uint8Array(32).fill(8);
  expect(codeOf(() => createVault({ storage: box.storage, masterKey }))).toBe("master-key-wrong");
});

test("a closed vault does nothing more", () => {
  using box = openTestBox();
  const sealed = box.vault.seal("system", place, "x");
  box.vault.close();
  expect(codeOf(() => box.vault.open("system", place, sealed))).toBe("vault-closed");
  expect(codeOf(() => box.vault.blindIndex("a", "b"))).toBe("vault-closed");
});

test("blind indexes are stable over restarts, and differ by purpose, value and box", () => {
  using box = openTestBox();
  using other = openTestBox();
  const index = box.vault.blindIndex("identity", "ann@example.org");
  using reopened = createVault({ storage: box.storage, masterKey: new Uint8Array(32).fill(7) });
  expect(reopened.blindIndex("identity", "ann@example.org")).toBe(index);
  expect(index).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    box.vault.blindIndex("session", "ann@example.org"),
    box.vault.blindIndex("identity", "ben@example.org"),
    box.vault.blindIndex("identitya", "nn@example.org"),
    other.vault.blindIndex("identity", "ann@example.org"),
  ];
  expect(new Set([index, ...others]).size).toBe(5);
});
