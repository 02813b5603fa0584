// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createId } from "../../../shared/ids/index.ts";
import type { Person, PersonResult } from "./index.ts";
import { openTestGateway } from "./testing.ts";

function person(result: PersonResult): Person {
  if (!result.ok) throw new Error(result.reason);
  return result.person;
}

const xmpp = (address: string) => ({ channel: "xmpp", address });

test("the owner is made once, at the first start", () => {
  using test = openTestGateway();
  const { people } = test.gateway;
  const owner = people.ensureOwner();
  expect(people.ensureOwner()).toBe(owner);
  expect(people.list()).toMatchObject([{ id: owner, role: "owner", isBlocked: false, identities: [] }]);
  expect(test.audit.list({ limit: 9 }).map((entry) => entry.action)).toEqual(["person-created", "audit-started"]);
});

test("people are made, changed and listed, and every change is in the audit log before it is done", () => {
  using test = openTestGateway();
  const { people } = test.gateway;
  people.ensureOwner();
  test.box.clock.advance(1);
  const ann = person(people.create({ name: "Ann", role: "member", identities: [xmpp("ann@a")] }, "per_x"));
  const changes = {
    name: "Ann B.",
    role: "operator",
    addIdentities: [xmpp("ann@b")],
    removeIdentities: [xmpp("ann@a")],
  } as const;
  expect(people.update(ann.id, changes, "per_x")).toEqual({
    ok: true,
    person: { ...ann, name: "Ann B.", role: "operator", identities: [xmpp("ann@b")] },
  });
  expect(people.list().map((one) => one.name)).toEqual(["Owner", "Ann B."]);
  const [entry] = test.audit.list({ limit: 1 });
  expect(entry).toMatchObject({
    actor: "per_x",
    action: "person-changed",
    target: ann.id,
    details: { role: "operator" },
  });
  expect(JSON.stringify(entry)).not.toMatch(/Ann|ann@/);
  expect(test.audit.verify().isIntact).toBe(true);
});

test("an address belongs to one person, and a refused change changes nothing", () => {
  using test = openTestGateway();
  const { people } = test.gateway;
  people.ensureOwner();
  const ann = person(people.create({ name: "Ann", role: "member", identities: [xmpp("ann")] }, "system"));
  const entries = test.audit.list({ limit: 99 }).length;
  const taken = { ok: false, reason: "address-taken" } as const;
  expect(people.create({ name: "Ben", role: "member", identities: [xmpp("ben"), xmpp("ann")] }, "system")).toEqual(
    taken,
  );
  const ben = person(people.create({ name: "Ben", role: "member" }, "system"));
  expect(people.update(ben.id, { name: "Eve", addIdentities: [xmpp("ann")] }, "system")).toEqual(taken);
  expect(people.list().map((one) => one.name)).toEqual(["Owner", "Ann", "Ben"]);
  expect(people.get(ann.id)?.identities).toEqual([xmpp("ann")]);
  expect(test.audit.list({ limit: 99 })).toHaveLength(entries + 1);
});

test("the box is never left without an owner who can get in", () => {
  using test = openTestGateway();
  const { people } = test.gateway;
  const owner = people.ensureOwner();
  const refused = { ok: false, reason: "last-owner" } as const;
  expect(people.update(owner, { role: "member" }, "system")).toEqual(refused);
  expect(people.update(owner, { isBlocked: true }, "system")).toEqual(refused);
  expect(people.remove(owner, "system")).toEqual(refused);
  expect(people.get(owner)).toMatchObject({ role: "owner", isBlocked: false, name: "Owner" });
  const second = person(people.create({ name: "Second", role: "owner" }, "system"));
  expect(people.remove(owner, "system")).toEqual({ ok: true });
  expect(people.ensureOwner()).toBe(second.id);
});

test("somebody forgotten is gone: name, addresses and key", () => {
  using test = openTestGateway();
  const { people } = test.gateway;
  people.ensureOwner();
  const ann = person(people.create({ name: "Ann", role: "member", identities: [xmpp("ann")] }, "system"));
  const place = { table: "notes", row: "1", column: "body" };
  const sealed = test.box.vault.seal(ann.id, place, "about Ann");
  const key = test.box.storage.database
    .query<{ wrapped: Uint8Array }, [string]>("SELECT wrapped FROM wrapped_keys WHERE owner = ?")
    .get(ann.id)?.wrapped;
  const isKeyOnDisk = () =>
    ["hearth.db", "hearth.db-wal"].some((file) => readFileSync(join(test.box.home, file)).includes(key ?? ""));
  expect(isKeyOnDisk()).toBe(true);
  expect(people.remove(ann.id, "system")).toEqual({ ok: true });
  expect(isKeyOnDisk()).toBe(false);
  expect(people.get(ann.id)).toBeUndefined();
  expect(test.say("ann", "closed").isAllowed).toBe(false);
  expect(() => test.box.vault.open(ann.id, place, sealed)).toThrow("was destroyed");
  expect(people.remove(ann.id, "system")).toEqual({ ok: false, reason: "person-unknown" });
  expect(people.update(createId("person"), {}, "system")).toEqual({ ok: false, reason: "person-unknown" });
});
