// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { z } from "zod";
import type { LiveEvent, Router } from "../../appliance/messaging/router/index.ts";
import { parseJson } from "../../shared/json/index.ts";
import { type ManualClock, manualClock } from "../../shared/testing/index.ts";
import { createFakeAdapter, type FakeServer } from "../fixtures/messaging/fake-adapter.ts";
import { createFakeAgent, endedWith, type FakeTurn, failedWith } from "../fixtures/messaging/fake-agent.ts";
import {
  createMessageBench,
  eventually,
  inboundEvent,
  type MessageBench,
  openGate,
} from "../fixtures/messaging/message-bench.ts";

interface Rig {
  readonly router: Router;
  readonly server: FakeServer;
  readonly fake: ReturnType<typeof createFakeAgent>;
  readonly clock: ManualClock;
  rows(): unknown[];
}

const inboxRows = (bench: MessageBench): unknown[] =>
  bench.storage.database.query("SELECT state, reason, attempts FROM inbox ORDER BY sequence").all();

async function rig(
  bench: MessageBench,
  turn?: FakeTurn,
  changes: Parameters<MessageBench["router"]>[1] = {},
  options: Parameters<MessageBench["router"]>[2] = {},
): Promise<Rig> {
  const fake = createFakeAgent(turn);
  const clock = manualClock();
  const router = bench.router(fake.agent, { clock, random: () => 0, ...changes }, options);
  const server: FakeServer = { arrived: [] };
  await router.start(new AbortController().signal);
  router.attach("fake", createFakeAdapter(server)).setReady(true);
  return { router, server, fake, clock, rows: () => inboxRows(bench) };
}

/** A turn that waits to be let go, or to be stopped. */
function gatedTurn() {
  const gates = new Map<string, () => void>();
  const turn: FakeTurn = async function* (request, signal) {
    if (request.text === "/stop") return yield endedWith("stopped");
    yield { type: "turn-delta", text: "begun" };
    await new Promise<void>((resolve) => {
      gates.set(request.text, resolve);
      signal.addEventListener("abort", () => resolve());
    });
    yield endedWith(signal.aborted ? "begun" : `done ${request.text}`, signal.aborted ? "cancelled" : "stop");
  };
  return { turn, open: (text: string) => gates.get(text)?.(), has: (text: string) => gates.has(text) };
}

async function collect(events: AsyncIterable<LiveEvent>): Promise<LiveEvent[]> {
  const all: LiveEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("messages of a lane are answered in order and one at a time; lanes do not wait for each other", async () => {
  using bench = createMessageBench();
  const { turn, open, has } = gatedTurn();
  const { router, server, fake } = await rig(bench, turn);
  for (const [id, lane] of [
    ["a1", "a"],
    ["a2", "a"],
    ["b1", "b"],
  ] as const)
    await router.admit("fake", inboundEvent(id, id, lane));
  await eventually(() => has("a1") && has("b1"), "both lanes");
  expect(has("a2")).toBe(false);
  open("b1");
  await eventually(() => server.arrived.length === 1, "lane b");
  open("a1");
  await eventually(() => has("a2"), "the next of lane a");
  open("a2");
  await eventually(() => server.arrived.length === 3, "all replies");
  expect(server.arrived.map(({ text }) => text)).toEqual(["done b1", "done a1", "done a2"]);
  expect(fake.committed).toHaveLength(3);
  await router.stop();
});

test("an immediate command overtakes the running turn, also when every place is taken", async () => {
  using bench = createMessageBench();
  const { turn, open, has } = gatedTurn();
  const { router, server } = await rig(bench, turn, {}, { maximumConcurrentTurns: 1 });
  await router.admit("fake", inboundEvent("a1", "a1"));
  await eventually(() => has("a1"), "the turn");
  await router.admit("fake", inboundEvent("s", "/stop"));
  await eventually(() => server.arrived.length === 1, "the command's answer");
  expect(server.arrived[0]?.text).toBe("stopped");
  open("a1");
  await eventually(() => server.arrived.length === 2, "the turn's answer");
  await router.stop();
});

test("cancel ends a running turn with what was said, and one that waits without a reply", async () => {
  using bench = createMessageBench();
  const { turn, has } = gatedTurn();
  const { router, server, rows } = await rig(bench, turn);
  const first = await router.admit("fake", inboundEvent("a1", "a1"));
  const second = await router.admit("fake", inboundEvent("a2", "a2"));
  await eventually(() => has("a1"), "the turn");
  const watching = collect(router.watch(second.inboxId, new AbortController().signal));
  router.cancel({ inboxId: second.inboxId });
  router.cancel({ inboxId: first.inboxId });
  await eventually(() => server.arrived.length === 1, "the partial reply");
  expect(server.arrived[0]?.text).toBe("begun");
  expect(await watching).toMatchObject([{ type: "turn-failed", code: "cancelled" }]);
  await eventually(() => rows().length === 2, "the rows");
  expect(rows()).toMatchObject([
    { state: "done", reason: "cancelled" },
    { state: "done", reason: "cancelled" },
  ]);
  await router.stop();
});

test("a turn that fails for now is tried again after a while, holds its lane back, and its watcher sees it anew", async () => {
  using bench = createMessageBench();
  let tries = 0;
  const turn: FakeTurn = async function* (request) {
    tries += 1;
    yield { type: "turn-delta", text: `try ${tries} ` };
    if (request.text === "a1" && tries < 3) return yield failedWith("engine-busy", true);
    yield endedWith(`try ${tries} `);
  };
  const { router, server, clock, rows } = await rig(bench, turn);
  const { inboxId } = await router.admit("fake", inboundEvent("a1", "a1"));
  const watching = collect(router.watch(inboxId, new AbortController().signal));
  await router.admit("fake", inboundEvent("a2", "a2"));
  for (const attempt of [1, 2]) {
    await eventually(() => tries === attempt && router.stats().turnsRunning === 0, `attempt ${attempt}`);
    clock.advance(60_000);
  }
  await eventually(() => server.arrived.length === 2, "both replies");
  expect(server.arrived.map(({ text }) => text)).toEqual(["try 3", "try 4"]);
  const events = await watching;
  expect(events.filter(({ type }) => type === "turn-started")).toHaveLength(3);
  expect(rows()).toMatchObject([
    { state: "done", attempts: 3 },
    { state: "done", attempts: 1 },
  ]);
  await router.stop();
});

test("after five attempts a message is a dead letter, the sender gets an apology in their language, and it can be tried again", async () => {
  using bench = createMessageBench();
  let isBroken = true;
  const turn: FakeTurn = async function* () {
    yield isBroken ? failedWith("engine-down", true) : endedWith("better now");
  };
  const { router, server, clock, fake } = await rig(bench, turn);
  const { inboxId } = await router.admit("fake", { ...inboundEvent("a1", "a1"), language: "zh-CN" });
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await eventually(() => fake.asked.length === attempt && router.stats().turnsRunning === 0, `attempt ${attempt}`);
    clock.advance(120_000);
  }
  await eventually(() => server.arrived.length === 1, "the apology");
  expect(server.arrived[0]?.text).toContain("抱歉");
  expect(inboxRows(bench)).toEqual([{ state: "dead", reason: "engine-down", attempts: 5 }]);
  isBroken = false;
  expect(router.retryDead("inb_of-nobody")).toBe(false);
  expect(router.retryDead(inboxId)).toBe(true);
  expect(router.retryDead(inboxId)).toBe(false);
  await eventually(() => server.arrived.length === 2, "the late answer");
  expect(server.arrived[1]?.text).toBe("better now");
  await router.stop();
});

test("a turn that throws, ends without a word or never ends counts as an attempt", async () => {
  using bench = createMessageBench();
  let tries = 0;
  const turn: FakeTurn = async function* (_request, signal) {
    tries += 1;
    if (tries === 1) throw new Error("bug");
    if (tries === 2) return;
    if (tries === 3) return yield* hang(signal);
    yield endedWith("at last");
  };
  async function* hang(signal: AbortSignal): AsyncGenerator<never> {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
  const { router, server, clock, rows } = await rig(bench, turn, {}, { leaseMs: 30_000 });
  await router.admit("fake", inboundEvent("a1", "a1"));
  for (const attempt of [1, 2]) {
    await eventually(() => tries === attempt && router.stats().turnsRunning === 0, `attempt ${attempt}`);
    clock.advance(60_000);
  }
  await eventually(() => tries === 3, "the one that hangs");
  clock.advance(30_000);
  await eventually(() => router.stats().turnsRunning === 0, "the watchdog");
  clock.advance(60_000);
  await eventually(() => server.arrived.length === 1, "the reply");
  expect(rows()).toMatchObject([{ state: "done", attempts: 4 }]);
  await router.stop();
});

test("a refusal is a row, tells its watcher, and its reply goes out", async () => {
  using bench = createMessageBench();
  const { router, server, rows, fake } = await rig(bench, undefined, {
    gateway: {
      admit: () => ({ isAllowed: false, reason: "pairing-offered", explanation: "x", reply: "Your code is 123456" }),
    },
  });
  const { inboxId } = await router.admit("fake", inboundEvent("a1"));
  await eventually(() => server.arrived.length === 1, "the code");
  expect(server.arrived[0]?.text).toBe("Your code is 123456");
  expect(rows()).toEqual([{ state: "refused", reason: "pairing-offered", attempts: 1 }]);
  expect(await collect(router.watch(inboxId, new AbortController().signal))).toEqual([
    { type: "refused", reason: "pairing-offered", reply: "Your code is 123456" },
  ]);
  expect(fake.asked).toHaveLength(0);
  await router.stop();
});

test("the gateway is asked once a message, however often the box dies while it is answered", async () => {
  using bench = createMessageBench();
  let asked = 0;
  const gateway = {
    admit: (question: Parameters<typeof openGate>[0]) => {
      asked += 1;
      return { ...openGate(question), text: question.text.toUpperCase() };
    },
  };
  const { turn, has } = gatedTurn();
  const first = await rig(bench, turn, { gateway });
  await first.router.admit("fake", inboundEvent("a1", "hello"));
  await eventually(() => has("HELLO"), "the turn");
  // The first router is left as it is: the second takes over, as after a crash.
  const second = await rig(bench, undefined, { gateway });
  await eventually(() => second.server.arrived.length === 1, "the answer");
  expect(second.server.arrived[0]?.text).toBe("You said: HELLO");
  expect(asked).toBe(1);
  await second.router.stop();
});

test("a router that was taken over can commit nothing and take nothing in (fencing)", async () => {
  using bench = createMessageBench();
  const { turn, open, has } = gatedTurn();
  const zombie = await rig(bench, turn);
  await zombie.router.admit("fake", inboundEvent("a1", "a1"));
  await eventually(() => has("a1"), "the turn");
  const owner = await rig(bench);
  await eventually(() => owner.server.arrived.length === 1, "the new owner's answer");
  open("a1");
  await eventually(() => zombie.router.stats().turnsRunning === 0, "the zombie's end");
  expect(zombie.server.arrived).toHaveLength(0);
  expect(bench.storage.database.query("SELECT count(*) AS n FROM outbox").get()).toEqual({ n: 1 });
  await expect(zombie.router.admit("fake", inboundEvent("a2"))).rejects.toMatchObject({ code: "lease-lost" });
  await owner.router.stop();
});

test("an orderly stop gives running messages back without counting it as an attempt", async () => {
  using bench = createMessageBench();
  const { turn, has } = gatedTurn();
  for (let round = 0; round < 7; round += 1) {
    const { router } = await rig(bench, turn);
    if (round === 0) await router.admit("fake", inboundEvent("a1", "a1"));
    await eventually(() => has("a1"), "the turn");
    await router.stop();
    expect(inboxRows(bench)).toMatchObject([{ state: "new", attempts: 0 }]);
  }
});

test("a message that kills the box again and again ends as a dead letter", async () => {
  using bench = createMessageBench();
  const { turn } = gatedTurn();
  const first = await rig(bench, turn);
  await first.router.admit("fake", inboundEvent("a1", "a1"));
  let server = first.server;
  for (let crash = 0; crash < 5; crash += 1) {
    await eventually(
      () => inboxRows(bench).some((row) => (row as { attempts: number }).attempts === crash + 1),
      "a lease",
    );
    server = (await rig(bench, turn)).server;
  }
  await eventually(() => server.arrived.length === 1, "the apology");
  expect(inboxRows(bench)).toMatchObject([{ state: "dead", reason: "crashed" }]);
});

test("event ids are known after the row has gone, for thirty days", async () => {
  using bench = createMessageBench();
  const { router, server, clock, rows } = await rig(bench);
  const { inboxId } = await router.admit("fake", inboundEvent("a1"));
  await eventually(() => server.arrived.length === 1 && router.stats().outboxWaiting === 0, "the reply");
  clock.advance(26 * 3_600_000);
  expect(rows()).toEqual([]);
  expect(await router.admit("fake", inboundEvent("a1"))).toEqual({ isDuplicate: true, inboxId });
  expect(await collect(router.watch(inboxId, new AbortController().signal))).toMatchObject([
    { code: "outcome-not-kept" },
  ]);
  clock.advance(30 * 24 * 3_600_000);
  expect((await router.admit("fake", inboundEvent("a1"))).isDuplicate).toBe(false);
  await router.stop();
});

test("a long reply is sent in parts, in order, each with an id of its own", async () => {
  using bench = createMessageBench();
  const paragraphs = Array.from({ length: 4 }, (_, index) => `${index} ${"word ".repeat(500).trim()}.`);
  const { router, server } = await rig(bench, async function* () {
    yield endedWith(paragraphs.join("\n\n"));
  });
  await router.admit("fake", inboundEvent("a1"));
  await eventually(() => router.stats().outboxWaiting === 0 && server.arrived.length >= 4, "all parts");
  expect(server.arrived.map(({ text }) => text)).toEqual(paragraphs);
  expect(new Set(server.arrived.map(({ clientId }) => clientId)).size).toBe(4);
  await router.stop();
});

test("who watches after the end gets the stored outcome, and it is sealed on disk", async () => {
  using bench = createMessageBench();
  const { router, server } = await rig(bench);
  const { inboxId } = await router.admit("fake", inboundEvent("a1", "canary"));
  await eventually(() => server.arrived.length === 1, "the reply");
  expect(await collect(router.watch(inboxId, new AbortController().signal))).toEqual([endedWith("You said: canary")]);
  const stored = z
    .object({ event: z.null(), outcome: z.instanceof(Uint8Array) })
    .parse(bench.storage.database.query("SELECT event, outcome FROM inbox").get());
  expect(Buffer.from(stored.outcome).includes("canary")).toBe(false);
  expect(() => parseJson(Buffer.from(stored.outcome).toString(), z.unknown(), "it")).toThrow();
  await router.stop();
});

test("the reply of an erased person is never sent, and nothing hangs", async () => {
  using bench = createMessageBench();
  const { router, rows } = await rig(bench, undefined, {}, {});
  const { inboxId } = await router.admit("gone", inboundEvent("a1"));
  await eventually(() => rows().length === 1 && router.stats().turnsRunning === 0, "the answer");
  bench.vault.destroyKey("per_000000000000000000000001" as Parameters<typeof bench.vault.destroyKey>[0]);
  const server: FakeServer = { arrived: [] };
  router.attach("gone", createFakeAdapter(server)).setReady(true);
  await eventually(() => router.stats().outboxWaiting === 0, "an empty queue");
  expect(server.arrived).toEqual([]);
  expect(await collect(router.watch(inboxId, new AbortController().signal))).toMatchObject([
    { code: "outcome-not-kept" },
  ]);
  await router.stop();
});

test("messages are counted by channel, direction and outcome", async () => {
  using bench = createMessageBench();
  const counts: string[] = [];
  const { router, server } = await rig(bench, undefined, {
    observe: ({ channel, direction, outcome }) => counts.push(`${channel} ${direction} ${outcome}`),
  });
  await router.admit("fake", inboundEvent("a1"));
  await router.admit("fake", inboundEvent("a1"));
  await eventually(() => server.arrived.length === 1 && router.stats().outboxWaiting === 0, "the reply");
  expect(counts.sort()).toEqual(["fake in admitted", "fake in answered", "fake in duplicate", "fake out accepted"]);
  await router.stop();
});

test("a gateway that fails once does not lose the message: it is asked again", async () => {
  using bench = createMessageBench();
  let asked = 0;
  const gateway = {
    admit: (question: Parameters<typeof openGate>[0]) => {
      asked += 1;
      if (asked === 1) throw new Error("not now");
      return openGate(question);
    },
  };
  const { router, server, rows } = await rig(bench, undefined, { gateway });
  await router.admit("fake", inboundEvent("a1"));
  await eventually(() => server.arrived.length === 1, "the answer");
  expect(asked).toBe(2);
  expect(rows()).toMatchObject([{ state: "done", attempts: 1 }]);
  await router.stop();
});
