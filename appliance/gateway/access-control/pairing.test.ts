// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { Admission } from "./index.ts";
import { codeIn, openTestGateway, type TestGateway } from "./testing.ts";

const hourMs = 3_600_000;

function approved(test: TestGateway, code: string) {
  const result = test.gateway.pairing.approve(code, { role: "member", name: "Ann" }, "control-socket");
  if (!result.ok) throw new Error(result.reason);
  return result.person;
}

test("a stranger gets a code, is not answered until the owner approves it, and is known from then on", () => {
  using test = openTestGateway();
  const offered = test.say("ann@example.org", "pairing", { sender: { displayName: "Ann M." } });
  expect(offered).toMatchObject({ isAllowed: false, reason: "pairing-offered" });
  expect(test.gateway.pairing.list()).toMatchObject([
    { channel: "xmpp", address: "ann@example.org", displayName: "Ann M." },
  ]);
  expect(JSON.stringify(test.gateway.pairing.list())).not.toContain(codeIn(offered));
  const person = approved(test, codeIn(offered));
  expect(person).toMatchObject({
    role: "member",
    name: "Ann",
    identities: [{ channel: "xmpp", address: "ann@example.org" }],
  });
  expect(test.say("ann@example.org", "pairing")).toMatchObject({
    isAllowed: true,
    person: person.id,
    reason: "paired-by-code",
  });
  expect(test.gateway.pairing.list()).toEqual([]);
  expect(test.audit.list({ limit: 1 })).toMatchObject([{ actor: "control-socket", action: "pairing-approved" }]);
});

test("a stranger's name cannot mislead the owner: one line, short, and nothing that does not show", () => {
  using test = openTestGateway();
  const names = [
    ["a", "Ann\u202e\u0000\nOwner of the box\u200b", "Ann Owner of the box"],
    ["b", "x".repeat(200), "x".repeat(80)],
    ["c", "\u200b\u2066 ", undefined],
  ] as const;
  for (const [address, displayName, shown] of names) {
    test.say(address, "pairing", { sender: { displayName } });
    const request = test.gateway.pairing.list().find((one) => one.address === address);
    expect(request?.displayName).toBe(shown as string);
  }
  test.say("guest", "anyone", { sender: { displayName: "G\u202eust" } });
  expect(test.gateway.people.list().map((person) => person.name)).toEqual(["Gust"]);
});

test("a code works however it is typed, once, and not after its hour", () => {
  using test = openTestGateway();
  const code = codeIn(test.say("ann", "pairing"));
  const pair = (typed: string) => test.gateway.pairing.approve(typed, { role: "member" }, "system");
  for (const wrong of ["", "AAAA-AAAA", code.slice(1), `${code}A`, "0O1I-0O1I", "%%%%%%%%"]) {
    expect(pair(wrong)).toEqual({ ok: false, reason: "code-unknown" });
  }
  expect(pair(` ${code.toLowerCase().replace("-", " – ")} `).ok).toBe(true);
  expect(pair(code)).toEqual({ ok: false, reason: "code-unknown" });
  const late = codeIn(test.say("ben", "pairing"));
  test.box.clock.advance(hourMs);
  expect(pair(late)).toEqual({ ok: false, reason: "code-expired" });
  expect(test.gateway.pairing.list()).toEqual([]);
});

test("a stranger is told the same code at most twice", () => {
  using test = openTestGateway();
  const first = test.say("ann", "pairing");
  const later = [1, 2, 3].map(() => test.say("ann", "pairing"));
  expect(later.map((admission) => admission.reason)).toEqual(
    Array.from({ length: 3 }, () => "pairing-already-offered"),
  );
  expect(later.map(codeIn)).toEqual([codeIn(first), "no code in the reply", "no code in the reply"]);
});

test("after the hour there is a new code", () => {
  using test = openTestGateway();
  const first = codeIn(test.say("ann", "pairing"));
  test.box.clock.advance(hourMs);
  const second = codeIn(test.say("ann", "pairing"));
  expect(second).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
  expect(second).not.toBe(first);
});

const talkative = { limits: { strangerReply: { perPeriod: 1e6, periodMs: 1000, burst: 1e6 } } };

test("ten codes wait on a channel: strangers who want nothing keep nobody out, the oldest makes room", () => {
  using test = openTestGateway(talkative);
  const codes = Array.from({ length: 11 }, (_, n) => {
    test.box.clock.advance(1);
    return codeIn(test.say(`bot-${n}`, "pairing"));
  });
  expect(test.gateway.pairing.list().map(({ address }) => address)).toEqual(
    Array.from({ length: 10 }, (_, n) => `bot-${n + 1}`),
  );
  const approve = (code: string | undefined) => test.gateway.pairing.approve(code ?? "", { role: "member" }, "system");
  expect(approve(codes[0])).toEqual({ ok: false, reason: "code-unknown" });
  expect(approve(codes[10]).ok).toBe(true);
});

test("forty codes wait overall, and a flood on one channel pushes nobody out of another", () => {
  using test = openTestGateway(talkative);
  const say = (address: string, channel: string): Admission => {
    test.box.clock.advance(1);
    return test.say(address, "pairing", { sender: { channel } });
  };
  say("ann", "quiet");
  for (let n = 0; n < 100; n++) expect(say(`bot-${n}`, "loud").reason).toBe("pairing-offered");
  expect(test.gateway.pairing.list()).toHaveLength(11);
  expect(test.gateway.pairing.list()[0]?.address).toBe("ann");
  for (let channel = 0; channel < 6; channel++) for (let n = 0; n < 10; n++) say(`bot-${n}`, `channel-${channel}`);
  expect(test.gateway.pairing.list()).toHaveLength(40);
});

test("who is not told a code pushes nobody out", () => {
  using test = openTestGateway();
  for (let n = 0; n < 30; n++) test.say(`bot-${n}`, "pairing");
  expect(test.gateway.pairing.list().map(({ address }) => address)).toContain("bot-0");
  expect(test.gateway.pairing.list()).toHaveLength(10);
});

test("the box is no echo: it tells strangers a bounded number of codes an hour", () => {
  using test = openTestGateway({ limits: { stranger: { perPeriod: 1e6, periodMs: 1000, burst: 1e6 } } });
  let replies = 0;
  for (let n = 0; n < 300; n++) {
    const admission = test.say(`bot-${n}`, "pairing");
    if (!admission.isAllowed && admission.reply !== undefined) replies++;
    for (const request of test.gateway.pairing.list())
      test.gateway.pairing.deny(request, { isBlocked: false }, "system");
  }
  expect(replies).toBe(10);
});

test("one more address of somebody known", () => {
  using test = openTestGateway();
  const owner = test.gateway.people.ensureOwner();
  const code = codeIn(test.say("me", "pairing"));
  const result = test.gateway.pairing.approve(code, { person: owner }, owner);
  expect(result).toMatchObject({ ok: true, person: { id: owner, role: "owner" } });
  expect(test.say("me", "pairing")).toMatchObject({ isAllowed: true, person: owner, role: "owner" });
  expect(test.gateway.people.list()).toHaveLength(1);
});

test("a guest who is paired stays the same person", () => {
  using test = openTestGateway();
  const guest = test.say("ann", "anyone");
  const person = approved(test, codeIn(test.say("ann", "pairing")));
  expect(guest).toMatchObject({ person: person.id, role: "guest" });
  expect(test.say("ann", "closed")).toMatchObject({ isAllowed: true, person: person.id, role: "member" });
});

test("a stranger who was put on the list meanwhile keeps the role chosen there", () => {
  using test = openTestGateway();
  const code = codeIn(test.say("ann", "pairing"));
  const identities = [{ channel: "xmpp", address: "ann" }];
  const added = test.gateway.people.create({ name: "Ann", role: "guest", identities }, "system");
  expect(approved(test, code)).toEqual(added.ok ? added.person : expect.unreachable());
  expect(test.gateway.people.list()).toHaveLength(1);
});

test("a stranger turned away may ask again, a blocked one gets silence", () => {
  using test = openTestGateway();
  const deny = (code: string, isBlocked: boolean) => test.gateway.pairing.deny({ code }, { isBlocked }, "system");
  const first = codeIn(test.say("ann", "pairing"));
  expect(deny(first, false)).toEqual({ ok: true });
  expect(deny(first, false)).toEqual({ ok: false, reason: "code-unknown" });
  const second = codeIn(test.say("ann", "pairing"));
  expect(second).not.toBe(first);
  expect(deny(second, true)).toEqual({ ok: true });
  expect(test.say("ann", "pairing")).toMatchObject({ isAllowed: false, reason: "blocked" });
  expect(test.gateway.blocklist.list()).toMatchObject([{ channel: "xmpp", address: "ann", blockedBy: "system" }]);
  expect(test.gateway.blocklist.unblock({ channel: "xmpp", address: "ann" }, "system")).toBe(true);
  expect(test.gateway.blocklist.unblock({ channel: "xmpp", address: "ann" }, "system")).toBe(false);
  expect(test.say("ann", "pairing").reason).toBe("pairing-offered");
});

test("strangers are answered in their language", () => {
  using test = openTestGateway();
  const reply = (address: string, more: { language?: string; text?: string }): string => {
    const admission = test.say(address, "pairing", more);
    return admission.isAllowed ? "" : (admission.reply ?? "");
  };
  expect(reply("a", { language: "zh-Hans" })).toContain("配对码");
  expect(reply("b", { text: "你好，在吗？" })).toContain("配对码");
  expect(reply("c", { text: "こんにちは、元気ですか" })).toContain("pairing code");
});

test("an approval that fails in the middle leaves the code as it was", () => {
  using test = openTestGateway();
  const code = codeIn(test.say("ann", "pairing"));
  const attempt = () =>
    test.box.storage.transaction(() => {
      approved(test, code);
      throw new Error("crash");
    });
  expect(attempt).toThrow("crash");
  expect(test.say("ann", "pairing").isAllowed).toBe(false);
  expect(approved(test, code).role).toBe("member");
});
