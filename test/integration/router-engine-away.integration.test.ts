// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { LiveEvent, Router, RouterDeps } from "../../appliance/messaging/router/index.ts";
import { manualClock } from "../../shared/testing/index.ts";
import { createFakeAdapter, type FakeServer } from "../fixtures/messaging/fake-adapter.ts";
import { createFakeAgent, endedWith, type FakeTurn, failedWith } from "../fixtures/messaging/fake-agent.ts";
import {
  createMessageBench,
  eventually,
  inboundEvent,
  type MessageBench,
} from "../fixtures/messaging/message-bench.ts";
import { recordingLogger } from "../fixtures/messaging/recording-logger.ts";

const minuteMs = 60_000;
const awayCodes = ["engine-unavailable", "model-unavailable", "queue-full"];

/** An agent whose engine is away until told otherwise, with each of the codes in turn. */
function awayAgent() {
  let isAway = true;
  let tries = 0;
  const turn: FakeTurn = async function* (request) {
    tries += 1;
    const code = awayCodes[tries % awayCodes.length] ?? "engine-unavailable";
    yield isAway ? failedWith(code, true, "not now") : endedWith(`answer to ${request.text}`);
  };
  return {
    ...createFakeAgent(turn),
    tries: () => tries,
    comeBack: () => {
      isAway = false;
    },
  };
}

async function rig(bench: MessageBench, agent: ReturnType<typeof awayAgent>["agent"], channel = "fake") {
  const clock = manualClock();
  const router = bench.router(agent, { clock, random: () => 0.5 });
  const server: FakeServer = { arrived: [] };
  await router.start(new AbortController().signal);
  router.attach(channel, createFakeAdapter(server)).setReady(true);
  return { clock, router, server };
}

const idle = (router: Router): Promise<void> => eventually(() => router.stats().turnsRunning === 0, "an idle router");

async function collect(events: AsyncIterable<LiveEvent>): Promise<LiveEvent[]> {
  const all: LiveEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("an engine that is away for five minutes costs no message an attempt: each gets one reply, in order", async () => {
  using bench = createMessageBench();
  const away = awayAgent();
  const { clock, router, server } = await rig(bench, away.agent);
  for (const id of ["m1", "m2"]) await router.admit("fake", inboundEvent(id, id));
  for (let passedMs = 0; passedMs < 5 * minuteMs; passedMs += 5_000) {
    await idle(router);
    clock.advance(5_000);
  }
  await idle(router);
  expect(server.arrived).toEqual([]);
  expect(away.tries()).toBeGreaterThan(50);
  away.comeBack();
  clock.advance(5_000);
  await eventually(() => server.arrived.length === 2, "both replies");
  expect(server.arrived.map(({ text }) => text)).toEqual(["answer to m1", "answer to m2"]);
  const rows = bench.storage.database.query("SELECT state, attempts FROM inbox ORDER BY sequence").all();
  expect(rows).toEqual([
    { state: "done", attempts: 1 },
    { state: "done", attempts: 1 },
  ]);
  await router.stop();
});

test("what waits for the engine waits on after a restart, and after a day its sender gets an apology", async () => {
  using bench = createMessageBench();
  const away = awayAgent();
  const first = await rig(bench, away.agent);
  await first.router.admit("fake", inboundEvent("m1"));
  await idle(first.router);
  await first.router.stop();
  const { clock, router, server } = await rig(bench, away.agent);
  await idle(router);
  clock.advance(23 * 60 * minuteMs);
  await idle(router);
  expect(server.arrived).toEqual([]);
  clock.advance(2 * 60 * minuteMs);
  await eventually(() => server.arrived.length === 1, "the apology");
  expect(server.arrived[0]?.text).toContain("Sorry");
  const rows = bench.storage.database.query("SELECT state FROM inbox").all();
  expect(rows).toEqual([{ state: "dead" }]);
  await router.stop();
});

test("a client of the API is told at once that the engine is away, and its row has ended", async () => {
  using bench = createMessageBench();
  const away = awayAgent();
  const { router } = await rig(bench, away.agent, "api");
  const { inboxId } = await router.admit("api", inboundEvent("m1"));
  const events = await collect(router.watch(inboxId, new AbortController().signal));
  expect(events.at(-1)).toMatchObject({ type: "turn-failed", isRetryable: true });
  expect(awayCodes).toContain((events.at(-1) as { code: string }).code);
  expect(away.tries()).toBe(1);
  expect(bench.storage.database.query("SELECT state FROM inbox").all()).toEqual([{ state: "done" }]);
  await router.stop();
});

test("an error that nobody foresaw is logged by its code: its words may be the sender's", async () => {
  using bench = createMessageBench();
  const { logger, lines } = recordingLogger();
  const clock = manualClock();
  const gateway = {
    admit: ({ text }: { readonly text: string }) => {
      throw new Error(`cannot make sense of ${text}`);
    },
  };
  const router = bench.router(createFakeAgent().agent, { clock, logger, gateway });
  await router.start(new AbortController().signal);
  await router.admit("fake", inboundEvent("m1", "text-canary"));
  await eventually(() => lines().includes("message-failed"), "the log line");
  expect(lines()).not.toContain("text-canary");
  await router.stop();
});

test("so is one that comes up while a reply is sent", async () => {
  using bench = createMessageBench();
  const { logger, lines } = recordingLogger();
  const reached: RouterDeps["reached"] = (step) => {
    if (step === "12-send-answered") throw new Error("text-canary");
  };
  const router = bench.router(createFakeAgent().agent, { clock: manualClock(), logger, reached });
  await router.start(new AbortController().signal);
  router.attach("fake", createFakeAdapter({ arrived: [] })).setReady(true);
  await router.admit("fake", inboundEvent("m1"));
  await eventually(() => lines().includes("send-failed"), "the log line");
  expect(lines()).not.toContain("text-canary");
  await router.stop();
});
