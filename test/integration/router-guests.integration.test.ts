// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { LiveEvent, RouterDeps } from "../../appliance/messaging/router/index.ts";
import { createFakeAdapter, type FakeServer } from "../fixtures/messaging/fake-adapter.ts";
import { createFakeAgent, endedWith, type FakeTurn } from "../fixtures/messaging/fake-agent.ts";
import {
  createMessageBench,
  eventually,
  inboundEvent,
  type MessageBench,
  openGate,
} from "../fixtures/messaging/message-bench.ts";

async function rig(bench: MessageBench, changes: Partial<RouterDeps> = {}) {
  const gate = Promise.withResolvers<void>();
  const turn: FakeTurn = async function* (request) {
    await gate.promise;
    yield endedWith(`answer to ${request.text}`);
  };
  const fake = createFakeAgent(turn);
  const router = bench.router(fake.agent, changes, { maximumWaitingPerGuest: 3 });
  const server: FakeServer = { arrived: [] };
  await router.start(new AbortController().signal);
  router.attach("fake", createFakeAdapter(server)).setReady(true);
  return { router, server, fake, answer: () => gate.resolve() };
}

async function collect(events: AsyncIterable<LiveEvent>): Promise<LiveEvent[]> {
  const all: LiveEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const say = (id: string, from: string, conversation = from) => ({
  ...inboundEvent(id, id, conversation),
  sender: { address: from, isVerified: true },
});

test("a guest of whom enough waits is turned away at once and told once, over all their conversations; others go on", async () => {
  using bench = createMessageBench();
  const { router, server, fake, answer } = await rig(bench);
  for (let n = 1; n <= 6; n += 1) await router.admit("fake", say(`e${n}`, "eve", `room ${n % 2}`));
  const last = await router.admit("fake", say("e7", "eve"));
  await router.admit("fake", say("b1", "bob"));
  await eventually(() => server.arrived.length === 1, "the one refusal");
  expect(server.arrived[0]?.text).toContain("Too many of your messages");
  expect(await collect(router.watch(last.inboxId, new AbortController().signal))).toEqual([
    { type: "refused", reason: "rate-limited" },
  ]);
  expect(await router.admit("fake", say("e4", "eve"))).toMatchObject({ isDuplicate: true });
  answer();
  await eventually(() => server.arrived.length === 5, "the answers");
  expect(fake.asked.map(({ text }) => text).sort()).toEqual(["b1", "e1", "e2", "e3"]);
  await router.admit("fake", say("e8", "eve"));
  await eventually(() => server.arrived.at(-1)?.text === "answer to e8", "room again");
  await router.stop();
});

test("people who are known wait with as many as they like", async () => {
  using bench = createMessageBench();
  const gateway: RouterDeps["gateway"] = {
    admit: (question) => ({ ...openGate(question), reason: "known-person" }) as ReturnType<typeof openGate>,
  };
  const { router, server, answer } = await rig(bench, { gateway });
  for (let n = 1; n <= 20; n += 1) await router.admit("fake", say(`a${n}`, "ann"));
  answer();
  await eventually(() => server.arrived.length === 20, "all answers");
  expect(server.arrived.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, n) => `answer to a${n + 1}`));
  await router.stop();
});

test("what waited and was cancelled, and what was never kept, takes no place", async () => {
  using bench = createMessageBench();
  const { router, server, answer } = await rig(bench);
  await router.admit("fake", say("e1", "eve"));
  const waiting = await router.admit("fake", say("e2", "eve"));
  router.cancel({ inboxId: waiting.inboxId });
  const fail = () => {
    throw new Error("the adapter's state cannot be written");
  };
  for (const id of ["x1", "x2", "x3"])
    await expect(router.admitAll("fake", [say(id, "eve")], fail)).rejects.toMatchObject({});
  for (const id of ["e3", "e4"]) await router.admit("fake", say(id, "eve"));
  answer();
  await eventually(() => server.arrived.length === 3, "three answers");
  expect(server.arrived.map(({ text }) => text)).toEqual(["answer to e1", "answer to e3", "answer to e4"]);
  await router.stop();
});
