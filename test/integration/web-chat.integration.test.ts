// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createWebChat } from "../../appliance/messaging/adapters/web-chat/index.ts";
import { systemClock } from "../../shared/clock/index.ts";
import { createId } from "../../shared/ids/index.ts";
import { silentLogger } from "../../shared/logging/index.ts";
import { createFakeAgent, endedWith, type FakeTurn } from "../fixtures/messaging/fake-agent.ts";
import { createMessageBench, eventually, type MessageBench, openGate } from "../fixtures/messaging/message-bench.ts";
import { createWebChatTab } from "../fixtures/messaging/web-chat-tab.ts";

async function chatOn(bench: MessageBench, turn?: FakeTurn) {
  const fake = createFakeAgent(turn);
  const router = bench.router(fake.agent, {
    gateway: {
      admit: (question) =>
        ({ ...openGate(question), person: question.sender.authenticatedPerson ?? createId("person") }) as ReturnType<
          typeof openGate
        >,
    },
  });
  const { storage, vault } = bench;
  const webChat = createWebChat({
    storage,
    vault,
    router,
    clock: systemClock,
    logger: silentLogger,
    reached: () => undefined,
  });
  await router.start(new AbortController().signal);
  router.attach("web-chat", webChat.adapter).setReady(true);
  return { ...fake, router, webChat };
}

function newPerson(bench: MessageBench) {
  const person = createId("person");
  bench.vault.createKey(person);
  return person;
}

/** A turn that says `words` and goes on when told. */
function steppedTurn(words: readonly string[]) {
  const steps = words.map(() => Promise.withResolvers<void>());
  const turn: FakeTurn = async function* () {
    for (const [index, word] of words.entries()) {
      await steps[index]?.promise;
      yield { type: "turn-delta", text: word };
    }
    yield endedWith(words.join(""));
  };
  return { turn, step: (index: number) => steps[index]?.resolve() };
}

test("a message is accepted, its answer streams, and both are stored with a number each", async () => {
  using bench = createMessageBench();
  const { router, webChat } = await chatOn(bench);
  const tab = createWebChatTab(webChat, newPerson(bench));
  await tab.say({ type: "resume", conversation: "c1", afterSequence: 0 });
  await tab.say({ type: "send", id: "m1", conversation: "c1", text: "hello" });
  await tab.waitFor("turn-ended");
  await tab.waitFor("message", 2);
  expect(tab.of("accepted")).toEqual([{ type: "accepted", conversation: "c1", id: "m1", sequence: 1 }]);
  expect(tab.texts()).toEqual(["1:in:hello", "2:out:You said: hello"]);
  expect(tab.streamed("m1")).toBe("You said: hello");
  await router.stop();
});

test("a message that is sent again after a lost connection is taken once, and the new tab sees everything once", async () => {
  using bench = createMessageBench();
  const { router, webChat, asked } = await chatOn(bench);
  const person = newPerson(bench);
  const before = createWebChatTab(webChat, person);
  await before.say({ type: "send", id: "m1", conversation: "c1", text: "hello" });
  before.drop();
  const after = createWebChatTab(webChat, person);
  await after.say({ type: "send", id: "m1", conversation: "c1", text: "hello" });
  await after.say({ type: "resume", conversation: "c1", afterSequence: 0 });
  await eventually(() => after.texts().includes("2:out:You said: hello"), "the answer");
  await after.say({ type: "resume", conversation: "c1", afterSequence: 2 });
  expect(asked).toHaveLength(1);
  expect(new Set(after.texts())).toEqual(new Set(["1:in:hello", "2:out:You said: hello"]));
  expect(after.of("resumed").at(-1)).toEqual({
    type: "resumed",
    conversation: "c1",
    firstSequence: 3,
    lastSequence: 2,
  });
  await router.stop();
});

test("a tab that comes in the middle of an answer gets the text so far and the rest", async () => {
  using bench = createMessageBench();
  const { turn, step } = steppedTurn(["Slow ", "and ", "steady"]);
  const { router, webChat } = await chatOn(bench, turn);
  const person = newPerson(bench);
  const first = createWebChatTab(webChat, person);
  await first.say({ type: "send", id: "m1", conversation: "c1", text: "go" });
  step(0);
  await first.waitFor("delta");
  first.drop();
  const second = createWebChatTab(webChat, person);
  await second.say({ type: "resume", conversation: "c1", afterSequence: 1 });
  step(1);
  step(2);
  await second.waitFor("turn-ended");
  await second.waitFor("message");
  expect(second.streamed("m1")).toBe("Slow and steady");
  expect(second.texts()).toEqual(["2:out:Slow and steady"]);
  await router.stop();
});

test("tabs of one person see the same; another person sees nothing", async () => {
  using bench = createMessageBench();
  const { router, webChat } = await chatOn(bench);
  const person = newPerson(bench);
  const stranger = newPerson(bench);
  const [left, right, other] = [person, person, stranger].map((who) => createWebChatTab(webChat, who));
  if (left === undefined || right === undefined || other === undefined) throw new Error("no tabs");
  for (const tab of [left, right, other]) await tab.say({ type: "resume", conversation: "c1", afterSequence: 0 });
  await left.say({ type: "send", id: "m1", conversation: "c1", text: "hello" });
  await right.waitFor("message", 2);
  await right.waitFor("turn-ended");
  expect(right.texts()).toEqual(left.texts());
  expect(right.streamed("m1")).toBe("You said: hello");
  await left.say({ type: "typing", conversation: "c1", isTyping: true });
  expect(right.of("typing")).toHaveLength(1);
  expect(left.of("typing")).toHaveLength(0);
  expect(other.of("message")).toHaveLength(0);
  await other.say({ type: "conversations" });
  expect(other.of("conversations")).toEqual([{ type: "conversations", conversations: [] }]);
  expect(webChat.conversations(person).map(({ title }) => title)).toEqual(["hello"]);
  await router.stop();
});

test("stop ends the answer of that person's conversation, and what was said so far is kept", async () => {
  using bench = createMessageBench();
  const turn: FakeTurn = async function* (_request, signal) {
    yield { type: "turn-delta", text: "I begin" };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    yield endedWith("I begin", "cancelled");
  };
  const { router, webChat } = await chatOn(bench, turn);
  const [ada, bob] = [newPerson(bench), newPerson(bench)];
  const [mine, theirs] = [createWebChatTab(webChat, ada), createWebChatTab(webChat, bob)];
  for (const tab of [mine, theirs]) {
    await tab.say({ type: "send", id: "m1", conversation: "c1", text: "go" });
    await tab.waitFor("delta");
  }
  await mine.say({ type: "stop", conversation: "c1" });
  await mine.waitFor("turn-ended");
  expect(mine.of("turn-ended")[0]?.reason).toBe("cancelled");
  expect(theirs.of("turn-ended")).toHaveLength(0);
  await theirs.say({ type: "stop", conversation: "c1" });
  await theirs.waitFor("turn-ended");
  await router.stop();
});

test("what is not a message of the protocol is answered with an error and changes nothing", async () => {
  using bench = createMessageBench();
  const { router, webChat, asked } = await chatOn(bench);
  const tab = createWebChatTab(webChat, newPerson(bench));
  const frames = [
    "",
    "{",
    "[]",
    "null",
    '{"type":"send"}',
    '{"type":"send","id":"../x","conversation":"c","text":"t"}',
  ];
  for (const frame of frames) await tab.raw(frame);
  await tab.raw("x".repeat(300_001));
  expect(tab.of("error").map(({ code }) => code)).toEqual([
    ...frames.map(() => "invalid-message" as const),
    "too-large",
  ]);
  expect(asked).toHaveLength(0);
  await router.stop();
});

test("on the open tab of a removed person nothing is said to be taken, neither a new message nor one sent again", async () => {
  using bench = createMessageBench();
  const { router, webChat, asked } = await chatOn(bench);
  const person = newPerson(bench);
  const tab = createWebChatTab(webChat, person);
  await tab.say({ type: "send", id: "m1", conversation: "c1", text: "hello" });
  await tab.waitFor("turn-ended");
  bench.vault.destroyKey(person);
  for (const id of ["m1", "m2"]) await tab.say({ type: "send", id, conversation: "c1", text: "hello" });
  expect(tab.of("accepted").map(({ id }) => id)).toEqual(["m1"]);
  expect(tab.of("error")).toMatchObject([
    { code: "not-taken", id: "m1" },
    { code: "not-taken", id: "m2" },
  ]);
  expect(asked).toHaveLength(1);
  await router.stop();
});

test("a message that was taken is not called lost when it cannot be shown: the tab is sent to resume", async () => {
  using bench = createMessageBench();
  const { router, webChat, asked } = await chatOn(bench);
  const told: string[] = [];
  const closed: number[] = [];
  const connection = webChat.connect(newPerson(bench), {
    send(text) {
      const { type } = JSON.parse(text) as { type: string };
      if (type === "message") throw new Error("the browser has gone");
      told.push(type);
    },
    close: (code) => closed.push(code),
    bufferedBytes: () => 0,
  });
  await connection.onMessage(JSON.stringify({ type: "send", id: "m1", conversation: "c1", text: "hello" }));
  expect({ told, closed }).toEqual({ told: ["accepted"], closed: [1011] });
  await eventually(() => asked.length === 1, "the turn");
  await router.stop();
});

test("a tab that sends too fast is slowed down and told which message was not taken; a ninth tab is refused", async () => {
  using bench = createMessageBench();
  const { router, webChat } = await chatOn(bench);
  const person = newPerson(bench);
  const tab = createWebChatTab(webChat, person);
  for (let count = 0; count < 40; count += 1) await tab.say({ type: "ping" });
  await tab.say({ type: "send", id: "m1", conversation: "c1", text: "one too many" });
  expect(tab.of("error")[0]).toMatchObject({ code: "too-fast", id: "m1" });
  const others = Array.from({ length: 8 }, () => createWebChatTab(webChat, person));
  expect(others.at(-1)?.closed()).toEqual({ code: 1008 });
  expect(others.at(-2)?.closed()).toBeUndefined();
  await router.stop();
});

test("a tab that does not read is given no more deltas, while the turn goes on for the others", async () => {
  using bench = createMessageBench();
  const words = Array.from({ length: 50 }, (_, index) => `word${index} `);
  const { turn, step } = steppedTurn(words);
  const { router, webChat } = await chatOn(bench, turn);
  const person = newPerson(bench);
  let bufferedBytes = 0;
  const slow = createWebChatTab(webChat, person, () => bufferedBytes);
  const quick = createWebChatTab(webChat, person);
  for (const tab of [slow, quick]) await tab.say({ type: "resume", conversation: "c1", afterSequence: 0 });
  await quick.say({ type: "send", id: "m1", conversation: "c1", text: "go" });
  step(0);
  await slow.waitFor("delta");
  bufferedBytes = 1024 * 1024;
  for (const index of words.keys()) {
    step(index);
    await Promise.resolve();
  }
  await quick.waitFor("turn-ended");
  expect(slow.of("delta").length).toBeLessThanOrEqual(2);
  bufferedBytes = 0;
  await slow.waitFor("turn-ended");
  expect(slow.streamed("m1")).toBe(words.join(""));
  bufferedBytes = 16 * 1024 * 1024;
  await slow.say({ type: "ping" });
  expect(slow.closed()).toEqual({ code: 1013 });
  await router.stop();
});
