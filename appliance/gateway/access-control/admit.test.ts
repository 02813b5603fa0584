// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { PersonId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import type { Admission, ChannelPolicy, Role } from "./index.ts";
import { openTestGateway, type TestGateway } from "./testing.ts";

function addPerson(test: TestGateway, address: string, role: Role = "member"): PersonId {
  const result = test.gateway.people.create(
    { name: address, role, identities: [{ channel: "xmpp", address }] },
    "system",
  );
  if (!result.ok) throw new Error(result.reason);
  return result.person.id;
}

function outcome(admission: Admission): string {
  return `${admission.isAllowed ? "yes" : "no"}: ${admission.reason}`;
}

test("who is let in, by what the sender is and what the channel says", () => {
  const table: [who: string, policy: ChannelPolicy, expected: string][] = [
    ["member", "closed", "yes: known-person"],
    ["member", "pairing", "yes: known-person"],
    ["member", "anyone", "yes: known-person"],
    ["stranger", "closed", "no: unknown-sender"],
    ["stranger", "pairing", "no: pairing-offered"],
    ["stranger", "anyone", "yes: anyone-reply-only"],
    ["blocked-person", "closed", "no: blocked"],
    ["blocked-person", "anyone", "no: blocked"],
    ["blocked-address", "closed", "no: blocked"],
    ["blocked-address", "pairing", "no: blocked"],
    ["blocked-address", "anyone", "no: blocked"],
  ];
  using test = openTestGateway();
  addPerson(test, "member");
  test.gateway.people.update(addPerson(test, "blocked-person"), { isBlocked: true }, "system");
  test.gateway.blocklist.block({ channel: "xmpp", address: "blocked-address" }, "system");
  for (const [who, policy, expected] of table) {
    const admission = test.say(who, policy);
    expect([who, policy, outcome(admission)]).toEqual([who, policy, expected]);
    expect(admission.explanation.length).toBeGreaterThan(10);
    if (!admission.isAllowed && admission.reason !== "pairing-offered") expect(admission.reply).toBeUndefined();
  }
});

test("a guest keeps to one person, has no other role, and is one only while the channel is open", () => {
  using test = openTestGateway();
  const first = test.say("g", "anyone");
  const second = test.say("g", "anyone");
  expect(first).toMatchObject({ isAllowed: true, role: "guest" });
  expect(second).toMatchObject({ person: first.isAllowed ? first.person : "" });
  expect(outcome(test.say("g", "closed"))).toBe("no: unknown-sender");
  expect(outcome(test.say("g", "pairing"))).toBe("no: pairing-offered");
  expect(test.gateway.people.list()).toHaveLength(1);
});

test("an address that the channel does not vouch for is never the person who has it", () => {
  using test = openTestGateway();
  const boss = addPerson(test, "boss", "operator");
  const forged = { sender: { isVerified: false } };
  expect(outcome(test.say("boss", "closed", forged))).toBe("no: unknown-sender");
  expect(outcome(test.say("boss", "pairing", forged))).toBe("no: unknown-sender");
  const guest = test.say("boss", "anyone", forged);
  expect(guest).toMatchObject({ isAllowed: true, role: "guest" });
  expect(guest.isAllowed && guest.person).not.toBe(boss);
  expect(test.say("boss", "anyone", forged)).toMatchObject({ person: guest.isAllowed ? guest.person : "" });
  expect(test.say("boss", "anyone")).toMatchObject({ person: boss, role: "operator" });
});

test("the same address on another channel is another sender", () => {
  using test = openTestGateway();
  addPerson(test, "ann");
  expect(outcome(test.say("ann", "closed", { sender: { channel: "mail" } }))).toBe("no: unknown-sender");
});

test("a signed-in person is who the session says, whatever the address; a removed one is nobody", () => {
  using test = openTestGateway();
  const owner = test.gateway.people.ensureOwner();
  const signedIn = { sender: { channel: "web-chat", authenticatedPerson: owner } };
  expect(test.say("whatever", "closed", signedIn)).toMatchObject({ isAllowed: true, person: owner, role: "owner" });
  const gone = { sender: { channel: "web-chat", authenticatedPerson: "per_gone" as PersonId } };
  expect(outcome(test.say("whatever", "anyone", gone))).toBe("no: unknown-sender");
  test.gateway.people.update(addPerson(test, "second", "owner"), {}, "system");
  test.gateway.people.update(owner, { isBlocked: true }, "system");
  expect(outcome(test.say("whatever", "closed", signedIn))).toBe("no: blocked");
});

test("codes are not told in groups", () => {
  using test = openTestGateway();
  const admission = test.say("stranger", "pairing", { isGroup: true });
  expect(outcome(admission)).toBe("no: unknown-sender");
  expect(test.gateway.pairing.list()).toEqual([]);
});

test("the text goes on cleaned, with what was found", () => {
  using test = openTestGateway();
  addPerson(test, "ann");
  expect(test.say("ann", "closed", { text: "  pay \u202eme\u202c\u200b " })).toMatchObject({
    text: "pay me",
    findings: ["bidi-controls-removed", "invisible-characters-removed"],
  });
  expect(outcome(test.say("ann", "closed", { text: "\u200b \u2060" }))).toBe("no: empty");
});

test("a text that is too long is refused, and only people who are known are told", () => {
  using test = openTestGateway({ maxTextLength: 10 });
  addPerson(test, "ann");
  const text = "x".repeat(11);
  expect(test.say("ann", "closed", { text })).toMatchObject({
    reason: "too-large",
    reply: expect.stringContaining("10"),
  });
  expect(test.say("ann", "closed", { text, language: "zh-CN" })).toMatchObject({
    reply: expect.stringContaining("太长"),
  });
  const stranger = test.say("stranger", "pairing", { text });
  expect([outcome(stranger), "reply" in stranger]).toEqual(["no: too-large", false]);
});

test("a guest of an open channel says twenty things at once, then one in three seconds; people who are known are not held up", () => {
  using test = openTestGateway();
  addPerson(test, "ann");
  const taken = (address: string, count: number): number =>
    Array.from({ length: count }, () => test.say(address, "anyone")).filter(({ isAllowed }) => isAllowed).length;
  expect(taken("guest", 60)).toBe(20);
  expect(taken("ann", 60)).toBe(60);
  expect(taken("other-guest", 60)).toBe(20);
  test.box.clock.advance(60_000);
  expect(taken("guest", 60)).toBe(20);
});

test("over the limit a known sender is told once and when to come back, a stranger nothing", () => {
  using test = openTestGateway({ limits: { sender: { perPeriod: 6, periodMs: 60_000, burst: 2 } } });
  addPerson(test, "ann");
  const replies = [1, 2, 3, 4].map(() => test.say("ann", "closed"));
  expect(replies.map(outcome)).toEqual([
    "yes: known-person",
    "yes: known-person",
    "no: rate-limited",
    "no: rate-limited",
  ]);
  expect(replies[2]).toMatchObject({ retryAfterMs: 10_000, reply: expect.stringContaining("10 s") });
  expect(replies[3]).not.toHaveProperty("reply");
  test.box.clock.advance(10_000);
  expect(outcome(test.say("ann", "closed"))).toBe("yes: known-person");
  for (let n = 0; n < 2; n++) test.say("stranger", "closed");
  expect(test.say("stranger", "closed")).not.toHaveProperty("reply");
});

test("a flood of strangers does not use up what people who are known may send", () => {
  using test = openTestGateway({ limits: { stranger: { perPeriod: 1, periodMs: 3_600_000, burst: 5 } } });
  addPerson(test, "ann");
  const flood = Array.from({ length: 200 }, (_, n) => outcome(test.say(`bot-${n}`, "anyone")));
  expect(flood.filter((word) => word === "yes: anyone-reply-only")).toHaveLength(5);
  expect(outcome(test.say("ann", "anyone"))).toBe("yes: known-person");
  expect(test.gateway.people.list()).toHaveLength(6);
});

test("each decision can be looked up afterwards, without text, and last seen is kept", () => {
  using test = openTestGateway();
  const ann = addPerson(test, "ann");
  test.say("ann", "closed", { text: "hi\u200b" });
  test.box.clock.advance(5);
  test.say("stranger@example.org", "closed", { text: "let me in" });
  const [latest, before] = test.gateway.decisions.list(10);
  expect(latest).toMatchObject({
    address: "stranger@example.org",
    person: null,
    isAllowed: false,
    reason: "unknown-sender",
  });
  expect(before).toMatchObject({
    address: null,
    person: ann,
    isAllowed: true,
    findings: ["invisible-characters-removed"],
  });
  expect(JSON.stringify([latest, before])).not.toContain("let me in");
  expect(test.gateway.people.get(ann)?.lastSeenMs).toBe((latest?.atMs ?? 0) - 5);
});

test("each decision is in the log with its explanation, without address, name or text", () => {
  const lines: [event: string, fields: unknown][] = [];
  const info = (event: string, fields?: unknown) => void lines.push([event, fields]);
  using test = openTestGateway({ logger: { ...silentLogger, info } });
  const ann = addPerson(test, "ann@example.org");
  const more = { text: "the old mill", sender: { displayName: "Annie" } };
  test.say("ann@example.org", "closed", more);
  test.say("eve@example.org", "closed", more);
  test.say("eve@example.org", "pairing", more);
  test.say("eve@example.org", "anyone", more);
  expect(lines.map(([event]) => event)).toEqual([
    "message-admitted",
    "message-refused",
    "message-refused",
    "message-admitted",
  ]);
  expect(lines[0]?.[1]).toMatchObject({ channel: "xmpp", person: ann, reason: "known-person" });
  expect(lines[1]?.[1]).toMatchObject({ explanation: "xmpp is closed to people who are not on its list" });
  expect(JSON.stringify(lines)).not.toMatch(/example|mill|Annie/);
});

test("only the latest thousand decisions are kept, and a full disk does not stop the gateway", () => {
  const unlimited = { perPeriod: 1e9, periodMs: 1, burst: 1e9 };
  using test = openTestGateway({ limits: { sender: unlimited, chat: unlimited, channel: unlimited } });
  addPerson(test, "ann");
  for (let n = 0; n < 1600; n++) test.say("ann", "closed");
  expect(test.gateway.decisions.list(5000)).toHaveLength(1000);
  test.box.storage.database.exec("PRAGMA query_only = ON");
  expect(outcome(test.say("ann", "closed"))).toBe("yes: known-person");
  test.box.clock.advance(2000);
  expect(outcome(test.say("ann", "closed"))).toBe("yes: known-person");
  test.box.storage.database.exec("PRAGMA query_only = OFF");
});

test("whatever an address, a name or a text holds, a closed channel lets no stranger in", () => {
  using test = openTestGateway();
  addPerson(test, "ann");
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(text, text, fc.boolean(), fc.boolean(), (address, displayName, isVerified, isGroup) => {
      fc.pre(address !== "ann");
      const admission = test.say(address, "closed", {
        isGroup,
        text: displayName,
        sender: { displayName, isVerified },
      });
      expect(admission.isAllowed).toBe(false);
    }),
    { numRuns: 50 },
  );
});
