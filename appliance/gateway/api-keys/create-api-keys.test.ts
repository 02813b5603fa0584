// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { PersonId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import type { Role } from "../access-control/index.ts";
import { openTestGateway, type TestGateway } from "../access-control/testing.ts";
import { type ApiKeyScope, type ApiKeys, createApiKeys, scopesOfRole } from "./index.ts";

function openKeys(): { test: TestGateway; keys: ApiKeys; person: (role: Role) => PersonId } & Disposable {
  const test = openTestGateway();
  const keys = createApiKeys({ ...test.box, audit: test.audit, logger: silentLogger });
  test.gateway.people.ensureOwner();
  return {
    test,
    keys,
    person(role) {
      const result = test.gateway.people.create({ name: role, role }, "system");
      return result.ok ? result.person.id : expect.unreachable();
    },
    [Symbol.dispose]: () => test[Symbol.dispose](),
  };
}

function created(keys: ApiKeys, personId: PersonId, scopes: readonly ApiKeyScope[], expiresMs?: number) {
  const key = { name: "laptop", scopes, personId, ...(expiresMs === undefined ? {} : { expiresMs }) };
  const result = keys.create(key, "control-socket");
  if (!result.ok) throw new Error(result.reason);
  return result;
}

test("a key is shown once, stored as a keyed hash, and speaks for its person within its scopes", () => {
  using box = openKeys();
  const owner = box.test.gateway.people.ensureOwner();
  const { secret, key } = created(box.keys, owner, ["agent", "models", "models"]);
  expect(secret).toMatch(/^hk_[A-Za-z0-9_-]{43}$/);
  expect(key).toMatchObject({
    name: "laptop",
    scopes: ["models", "agent"],
    prefix: secret.slice(0, 7),
    expiresMs: null,
  });
  expect(box.keys.verify(secret)).toEqual({
    isValid: true,
    holder: { keyId: key.id, person: owner, role: "owner", scopes: ["models", "agent"], expiresMs: null },
  });
  const rows = JSON.stringify(box.test.box.storage.database.query("SELECT * FROM api_keys").all());
  expect(rows).not.toContain(secret);
  expect(rows).not.toContain("laptop");
  const [entry] = box.test.audit.list({ limit: 1 });
  expect(entry).toMatchObject({ actor: "control-socket", action: "key-created", target: key.id });
  expect(JSON.stringify(entry)).not.toContain(secret.slice(3));
});

test("whatever is not a key is unknown, and so is any key with one character changed", () => {
  using box = openKeys();
  const { secret } = created(box.keys, box.person("member"), ["models"]);
  for (const wrong of ["", "hk_", secret.slice(1), `${secret}A`, secret.toUpperCase(), ` ${secret}`, `${secret}\n`]) {
    expect(box.keys.verify(wrong)).toEqual({ isValid: false, reason: "key-unknown" });
  }
  fc.assert(
    fc.property(fc.integer({ min: 3, max: secret.length - 1 }), (at) => {
      const changed = secret.slice(0, at) + (secret[at] === "A" ? "B" : "A") + secret.slice(at + 1);
      expect(box.keys.verify(changed).isValid).toBe(false);
    }),
    { numRuns: 30 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => expect(box.keys.verify(text).isValid).toBe(false)),
    { numRuns: 50 },
  );
});

test("a key ends when it expires, and at once when it is revoked or its person is blocked or removed", () => {
  using box = openKeys();
  const person = box.person("member");
  const expiring = created(box.keys, person, ["models"], box.test.box.clock.now() + 1000);
  const lasting = created(box.keys, person, ["models"]);
  box.test.box.clock.advance(999);
  expect(box.keys.verify(expiring.secret).isValid).toBe(true);
  box.test.box.clock.advance(1);
  expect(box.keys.verify(expiring.secret)).toEqual({ isValid: false, reason: "key-expired" });
  box.test.gateway.people.update(person, { isBlocked: true }, "system");
  expect(box.keys.verify(lasting.secret)).toEqual({ isValid: false, reason: "person-blocked" });
  box.test.gateway.people.update(person, { isBlocked: false }, "system");
  expect(box.keys.verify(lasting.secret).isValid).toBe(true);
  expect(box.keys.revoke(lasting.key.id, "system")).toBe(true);
  expect(box.keys.revoke(lasting.key.id, "system")).toBe(false);
  expect(box.keys.verify(lasting.secret)).toEqual({ isValid: false, reason: "key-unknown" });
  const last = created(box.keys, person, ["models"]);
  box.test.gateway.people.remove(person, "system");
  expect(box.keys.verify(last.secret)).toEqual({ isValid: false, reason: "key-unknown" });
});

test("a key never does more than its person may, also after the person's role went down", () => {
  using box = openKeys();
  for (const role of ["operator", "member", "guest"] as const) {
    const personId = box.person(role);
    for (const scope of ["models", "agent", "metrics", "read", "admin"] as const) {
      const result = box.keys.create({ name: "n", scopes: [scope], personId }, "system");
      expect([role, scope, result.ok]).toEqual([role, scope, scopesOfRole(role).includes(scope)]);
    }
  }
  const operator = box.person("operator");
  const { secret } = created(box.keys, operator, ["models", "admin"]);
  box.test.gateway.people.update(operator, { role: "member" }, "system");
  expect(box.keys.verify(secret)).toMatchObject({ isValid: true, holder: { role: "member", scopes: ["models"] } });
});

test("last use is written to the minute, without holding up the request", async () => {
  using box = openKeys();
  const { secret } = created(box.keys, box.person("member"), ["models"]);
  const lastUsed = () => box.keys.list()[0]?.lastUsedMs;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  expect(lastUsed()).toBeNull();
  box.keys.verify(secret);
  expect(lastUsed()).toBeNull();
  await turn();
  const first = box.test.box.clock.now();
  expect(lastUsed()).toBe(first);
  box.test.box.clock.advance(59_999);
  box.keys.verify(secret);
  await turn();
  expect(lastUsed()).toBe(first);
  box.test.box.clock.advance(1);
  box.keys.verify(secret);
  await turn();
  expect(lastUsed()).toBe(first + 60_000);
});

test("keys are listed newest first, of all or of one person", () => {
  using box = openKeys();
  const [one, other] = [box.person("member"), box.person("member")];
  const first = created(box.keys, one, ["models"]);
  box.test.box.clock.advance(1);
  const second = created(box.keys, other, ["agent"]);
  expect(box.keys.list().map((key) => key.id)).toEqual([second.key.id, first.key.id]);
  expect(box.keys.list(one).map((key) => key.id)).toEqual([first.key.id]);
  expect(box.keys.create({ name: "n", scopes: ["models"], personId: "per_x" as PersonId }, "system")).toEqual({
    ok: false,
    reason: "person-unknown",
  });
});
