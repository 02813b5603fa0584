// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createPublicKey, verify } from "node:crypto";
import { openTestBox, type TestBox } from "../encryption/testing.ts";
import { type Audit, createAudit, hashEntry, headDigest } from "./index.ts";

function open(box: TestBox): Audit {
  return createAudit({ ...box, nowMs: box.clock.now });
}

/** A log with its first entry and `count` more. */
function filled(box: TestBox, count: number): Audit {
  const audit = open(box);
  for (let n = 1; n <= count; n++) {
    box.clock.advance(1000);
    audit.append({ actor: "system", action: "setting-changed", target: `setting-${n}`, details: { n } });
  }
  return audit;
}

function brokenAt(audit: Audit): [problem: string, at: number] | "intact" {
  const result = audit.verify();
  return result.isIntact ? "intact" : [result.problem, result.brokenAt];
}

test("entries are numbered, opened and listed from the newest back", () => {
  using box = openTestBox();
  const audit = filled(box, 3);
  const page = audit.list({ limit: 2 });
  expect(page.map((entry) => [entry.number, entry.action, entry.target, entry.details])).toEqual([
    [4, "setting-changed", "setting-3", { n: 3 }],
    [3, "setting-changed", "setting-2", { n: 2 }],
  ]);
  expect(audit.list({ limit: 9, before: 3 }).map((entry) => entry.action)).toEqual([
    "setting-changed",
    "audit-started",
  ]);
  expect(audit.verify()).toEqual({ isIntact: true, entries: 4, headHash: page[0]?.hash ?? "" });
});

test("the log goes on after a restart", () => {
  using box = openTestBox();
  filled(box, 2);
  const audit = open(box);
  audit.append({ actor: "system", action: "box-started", target: "" });
  expect(audit.verify()).toMatchObject({ isIntact: true, entries: 4 });
});

test("an entry is written with its effect or not at all", () => {
  using box = openTestBox();
  const audit = filled(box, 1);
  const failing = () =>
    box.storage.transaction(() => {
      audit.append({ actor: "system", action: "never-happened", target: "" });
      throw new Error("effect failed");
    });
  expect(failing).toThrow("effect failed");
  expect(audit.verify()).toMatchObject({ isIntact: true, entries: 2 });
});

test("a first entry that was rolled back is written again, with its key", () => {
  using box = openTestBox();
  expect(() =>
    box.storage.transaction(() => {
      open(box);
      throw new Error("first start failed");
    }),
  ).toThrow("first start failed");
  expect(filled(box, 2).verify()).toMatchObject({ isIntact: true, entries: 3 });
});

const columns: [column: string, change: string][] = [
  ["at_ms", "at_ms + 1"],
  ["actor", "'somebody-else'"],
  ["action", "'person-created'"],
  ["subject", "'setting-9'"],
  ["sealed_details", "zeroblob(length(sealed_details))"],
  ["previous_hash", "zeroblob(32)"],
  ["hash", "zeroblob(32)"],
  ["signature", "zeroblob(64)"],
];
for (const [column, change] of columns) {
  test(`a change of ${column} is found where it is`, () => {
    using box = openTestBox();
    const audit = filled(box, 5);
    box.storage.database.run(`UPDATE audit_entries SET ${column} = ${change} WHERE number = 4`);
    expect(brokenAt(audit)[1]).toBe(4);
  });
}

test("a missing entry, the first one too, is found where it is", () => {
  for (const number of [1, 3]) {
    using box = openTestBox();
    const audit = filled(box, 5);
    box.storage.database.run(`DELETE FROM audit_entries WHERE number = ${number}`);
    expect(brokenAt(audit)).toEqual(["entry-missing", number]);
  }
});

test("entries that change places, or are closed up over a gap, are found", () => {
  using box = openTestBox();
  const audit = filled(box, 5);
  const { database } = box.storage;
  database.run(
    "UPDATE audit_entries SET number = CASE number WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE number IN (3, 4)",
  );
  database.run("UPDATE audit_entries SET number = -number WHERE number < 0");
  expect(brokenAt(audit)[1]).toBe(3);
  using other = openTestBox();
  const closedUp = filled(other, 5);
  other.storage.database.run("DELETE FROM audit_entries WHERE number = 3");
  for (const number of [4, 5, 6])
    other.storage.database.run(`UPDATE audit_entries SET number = ${number - 1} WHERE number = ${number}`);
  expect(brokenAt(closedUp)[1]).toBe(3);
});

test("entries cut off at the end are found and counted", () => {
  using box = openTestBox();
  const audit = filled(box, 5);
  box.storage.database.run("DELETE FROM audit_entries WHERE number > 4");
  expect(brokenAt(audit)).toEqual(["entries-cut-off", 5]);
  box.storage.database.run(
    "UPDATE audit_head SET entries = 4, hash = (SELECT hash FROM audit_entries WHERE number = 4)",
  );
  expect(brokenAt(audit)[0]).toBe("head-changed");
});

test("an emptied log is found", () => {
  using box = openTestBox();
  const audit = filled(box, 3);
  box.storage.database.run("DELETE FROM audit_entries");
  expect(brokenAt(audit)).toEqual(["entries-cut-off", 1]);
  box.storage.database.run("DELETE FROM audit_head");
  expect(brokenAt(audit)[0]).toBe("head-missing");
});

test("a log removed whole, with people in the box, comes back as a restarted one", () => {
  using box = openTestBox();
  filled(box, 3);
  box.storage.database.run("DELETE FROM audit_entries");
  box.storage.database.run("DELETE FROM audit_head");
  box.storage.database.run(
    "INSERT INTO people (id, role, sealed_name, origin, created_ms) VALUES ('p', 'owner', x'', 'added', 1)",
  );
  expect(brokenAt(open(box))).toEqual(["log-restarted", 1]);
});

test("a log whose head was removed goes on, and stays marked", () => {
  using box = openTestBox();
  filled(box, 3);
  box.storage.database.run("DELETE FROM audit_head");
  const audit = open(box);
  audit.append({ actor: "system", action: "box-started", target: "" });
  expect(brokenAt(audit)).toEqual(["entry-forged", 1]);
});

test("a forger without the box's key cannot write an entry, a head or a key", () => {
  using box = openTestBox();
  using forger = openTestBox();
  const audit = filled(box, 3);
  filled(forger, 3);
  const entry = forger.storage.database.query("SELECT * FROM audit_entries WHERE number = 3").get() as Record<
    string,
    never
  >;
  const head = forger.storage.database.query("SELECT * FROM audit_head").get() as Record<string, Uint8Array>;
  const sealedDetails = entry.sealed_details ?? expect.unreachable();
  const { database } = box.storage;
  const hash = hashEntry({
    number: 5,
    atMs: 1,
    actor: "system",
    action: "person-created",
    target: "",
    sealedDetails,
    previousHash: (database.query("SELECT hash FROM audit_entries WHERE number = 4").get() as { hash: Uint8Array })
      .hash,
  });
  database
    .query(
      "INSERT INTO audit_entries SELECT 5, 1, 'system', 'person-created', '', ?, hash, ?, signature FROM audit_entries WHERE number = 4",
    )
    .run(sealedDetails, hash);
  expect(brokenAt(audit)).toEqual(["entry-forged", 5]);
  database
    .query("UPDATE audit_head SET entries = ?, hash = ?, signature = ?, public_key = ?, sealed_private_key = ?")
    .run(
      head.entries ?? 0,
      head.hash ?? "",
      head.signature ?? "",
      head.public_key ?? "",
      head.sealed_private_key ?? "",
    );
  expect(brokenAt(audit)).toEqual(["key-changed", 1]);
});

test("an export can be checked without the box: chain, signatures and head", () => {
  using box = openTestBox();
  const audit = filled(box, 4);
  const lines = [...audit.exportLines()].map((line) => JSON.parse(line) as Record<string, never>);
  const head = lines.pop()?.head as Record<string, string | number> | undefined;
  const bytes = (text: unknown, encoding: "hex" | "base64"): Buffer => Buffer.from(String(text), encoding);
  const key = createPublicKey({ key: bytes(head?.publicKey, "base64"), format: "der", type: "spki" });
  let previousHash = Buffer.alloc(32);
  for (const line of lines) {
    const entry = line as unknown as { number: number; atMs: number; actor: string; action: string; target: string };
    const hash = hashEntry({ ...entry, sealedDetails: bytes(line.sealedDetails, "base64"), previousHash });
    expect(hash.toString("hex")).toBe(String(line.hash));
    expect(verify(null, hash, key, bytes(line.signature, "base64"))).toBe(true);
    previousHash = Buffer.from(hash);
  }
  const digest = headDigest(lines.length, previousHash, Number(head?.atMs));
  expect(verify(null, digest, key, bytes(head?.signature, "base64"))).toBe(true);
});
