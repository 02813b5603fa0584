// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { PersonId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { openTestGateway, type TestGateway } from "../access-control/testing.ts";
import { createSignIn, type SignIn, type SignInOptions } from "./index.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

function openSignIn(options: SignInOptions = {}): { test: TestGateway; signIn: SignIn; owner: PersonId } & Disposable {
  const test = openTestGateway();
  const signIn = createSignIn({ ...test.box, audit: test.audit, logger: silentLogger }, options);
  const owner = test.gateway.people.ensureOwner();
  return { test, signIn, owner, [Symbol.dispose]: () => test[Symbol.dispose]() };
}

function signedIn(signIn: SignIn, person: PersonId, label = "Firefox") {
  const result = signIn.useLink(signIn.createLink(person, "control-socket").token, label);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a link signs in once, and the session says who it is", () => {
  using box = openSignIn();
  const link = box.signIn.createLink(box.owner, "control-socket");
  expect(link.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const result = box.signIn.useLink(link.token, "Firefox");
  if (!result.ok) throw new Error(result.reason);
  expect(box.signIn.authenticate(result.sessionToken)).toEqual(result.session);
  expect(result.session).toMatchObject({ person: box.owner, role: "owner", label: "Firefox" });
  expect(box.signIn.useLink(link.token, "Firefox")).toEqual({ ok: false, reason: "link-used" });
  const actions = box.test.audit.list({ limit: 2 }).map((entry) => entry.action);
  expect(actions).toEqual(["signed-in", "sign-in-link-created"]);
});

test("fifty uses of one link at once have one winner", async () => {
  using box = openSignIn();
  const { token } = box.signIn.createLink(box.owner, "system");
  const uses = Array.from({ length: 50 }, async (_, n) => {
    await turn();
    return box.signIn.useLink(token, `browser ${n}`);
  });
  const results = await Promise.all(uses);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  expect(results.filter((result) => !result.ok && result.reason === "link-used")).toHaveLength(49);
  expect(box.signIn.list(box.owner)).toHaveLength(1);
});

test("a use that was rolled back can be made again", () => {
  using box = openSignIn();
  const { token } = box.signIn.createLink(box.owner, "system");
  expect(() =>
    box.test.box.storage.transaction(() => {
      box.signIn.useLink(token, "x");
      throw new Error("crash");
    }),
  ).toThrow("crash");
  expect(box.signIn.useLink(token, "x").ok).toBe(true);
});

test("a link ends after fifteen minutes, and others never were", () => {
  using box = openSignIn();
  const { token, expiresMs } = box.signIn.createLink(box.owner, "system");
  expect(expiresMs).toBe(box.test.box.clock.now() + 15 * minuteMs);
  const other = box.signIn.createLink(box.owner, "system");
  box.test.box.clock.advance(15 * minuteMs - 1);
  expect(box.signIn.useLink(other.token, "x").ok).toBe(true);
  box.test.box.clock.advance(1);
  expect(box.signIn.useLink(token, "x")).toEqual({ ok: false, reason: "link-expired" });
  for (const wrong of ["", "x", "A".repeat(43), `${token}A`, "../../etc", "\0".repeat(43)]) {
    expect(box.signIn.useLink(wrong, "x")).toEqual({ ok: false, reason: "link-unknown" });
  }
});

test("no token is in the database", () => {
  using box = openSignIn();
  const link = box.signIn.createLink(box.owner, "system");
  const { sessionToken, csrfToken } = signedIn(box.signIn, box.owner, "Secret Browser");
  const { database } = box.test.box.storage;
  const rows = ["sign_in_links", "console_sessions"].map((table) => database.query(`SELECT * FROM ${table}`).all());
  for (const secret of [link.token, sessionToken, csrfToken, "Secret Browser"]) {
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
});

test("a session slides while it is used, ends when it is not, and ends for good after its lifetime", async () => {
  using box = openSignIn({ idleMs: 7 * dayMs, lifetimeMs: 30 * dayMs });
  const { clock } = box.test.box;
  const used = signedIn(box.signIn, box.owner);
  const idle = signedIn(box.signIn, box.owner);
  for (let day = 0; day < 29; day++) {
    clock.advance(dayMs);
    expect(box.signIn.authenticate(used.sessionToken)?.person).toBe(box.owner);
    await turn();
  }
  expect(box.signIn.authenticate(idle.sessionToken)).toBeUndefined();
  expect(box.signIn.list(box.owner).map((session) => session.id)).toEqual([used.session.id]);
  clock.advance(dayMs);
  expect(box.signIn.authenticate(used.sessionToken)).toBeUndefined();
});

test("sessions are revoked one by one, all at once, and with their person", () => {
  using box = openSignIn();
  const sessions = [1, 2, 3, 4].map(() => signedIn(box.signIn, box.owner));
  const [first] = sessions;
  expect(box.signIn.revoke(first?.session.id ?? expect.unreachable(), box.owner)).toBe(true);
  expect(sessions.map(({ sessionToken }) => box.signIn.authenticate(sessionToken) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(box.signIn.revokeAll(box.owner, box.owner)).toBe(3);
  expect(box.signIn.list(box.owner)).toEqual([]);
  const member = box.test.gateway.people.create({ name: "Ann", role: "member" }, "system");
  const ann = member.ok ? member.person.id : expect.unreachable();
  const { sessionToken } = signedIn(box.signIn, ann);
  const { token } = box.signIn.createLink(ann, "system");
  box.test.gateway.people.update(ann, { isBlocked: true }, "system");
  expect(box.signIn.authenticate(sessionToken)).toBeUndefined();
  expect(box.signIn.useLink(token, "x")).toEqual({ ok: false, reason: "person-blocked" });
  box.test.gateway.people.remove(ann, "system");
  expect(box.signIn.useLink(token, "x")).toEqual({ ok: false, reason: "link-unknown" });
});

test("a session follows the role that its person has now", () => {
  using box = openSignIn();
  const created = box.test.gateway.people.create({ name: "Ann", role: "operator" }, "system");
  const ann = created.ok ? created.person.id : expect.unreachable();
  const { sessionToken } = signedIn(box.signIn, ann);
  box.test.gateway.people.update(ann, { role: "guest" }, "system");
  expect(box.signIn.authenticate(sessionToken)?.role).toBe("guest");
});

test("ending a person's sessions ends their links, too, and nobody else's", () => {
  using box = openSignIn();
  const member = box.test.gateway.people.create({ name: "Ann", role: "member" }, "system");
  const ann = member.ok ? member.person.id : expect.unreachable();
  const { token } = box.signIn.createLink(ann, "system");
  const other = box.signIn.createLink(box.owner, "system");
  expect(box.signIn.revokeAll(ann, "system")).toBe(0);
  expect(box.signIn.useLink(token, "x")).toEqual({ ok: false, reason: "link-unknown" });
  expect(box.signIn.useLink(other.token, "x").ok).toBe(true);
});

test("a person has a bounded number of sessions: the one unused for longest ends", () => {
  using box = openSignIn({ sessionsPerPerson: 3 });
  const sessions = [1, 2, 3, 4, 5].map(() => {
    box.test.box.clock.advance(1);
    return signedIn(box.signIn, box.owner);
  });
  const alive = sessions.map(({ sessionToken }) => box.signIn.authenticate(sessionToken) !== undefined);
  expect(alive).toEqual([false, false, true, true, true]);
});

test("the anti-forgery token fits its session and no other", () => {
  using box = openSignIn();
  const [one, other] = [signedIn(box.signIn, box.owner), signedIn(box.signIn, box.owner)];
  expect(box.signIn.isCsrfTokenOf(one.sessionToken, one.csrfToken)).toBe(true);
  for (const wrong of [
    "",
    other.csrfToken,
    one.sessionToken,
    `${one.csrfToken}A`,
    one.csrfToken.slice(1),
    "é".repeat(43),
  ]) {
    expect(box.signIn.isCsrfTokenOf(one.sessionToken, wrong)).toBe(false);
  }
});

test("making a link forgets what has ended, and keeps what lives", () => {
  using box = openSignIn();
  const { database } = box.test.box.storage;
  const count = (table: string) => Object.values(database.query(`SELECT count(*) FROM ${table}`).get() ?? {})[0];
  const { sessionToken } = signedIn(box.signIn, box.owner);
  box.signIn.createLink(box.owner, "system");
  expect([count("sign_in_links"), count("console_sessions")]).toEqual([2, 1]);
  expect(box.signIn.authenticate(sessionToken)).toBeDefined();
  box.test.box.clock.advance(8 * dayMs);
  box.signIn.createLink(box.owner, "system");
  expect([count("sign_in_links"), count("console_sessions")]).toEqual([1, 0]);
});
