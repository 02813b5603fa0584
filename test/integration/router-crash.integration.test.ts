// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { Adapter } from "../../appliance/messaging/protocol/index.ts";
import type { MessageStorage, Router } from "../../appliance/messaging/router/index.ts";
import { type MessageStep, messageSteps } from "../../shared/lifecycle/index.ts";
import { createFakeAdapter, type FakeServer } from "../fixtures/messaging/fake-adapter.ts";
import { createFakeAgent } from "../fixtures/messaging/fake-agent.ts";
import {
  createMessageBench,
  eventually,
  inboundEvent,
  type MessageBench,
} from "../fixtures/messaging/message-bench.ts";

const never = new Promise<never>(() => undefined);

/** A router that dies at a step: from then on nothing it does reaches the disk or the other side. */
function mortalRouter(
  bench: MessageBench,
  server: FakeServer,
  can: Parameters<typeof createFakeAdapter>[1],
  at: MessageStep,
) {
  let isDead = false;
  const storage: MessageStorage = {
    database: bench.storage.database,
    transaction: (work) => bench.storage.transaction(work),
    groupCommit: (work) =>
      isDead ? never : bench.storage.groupCommit(work).then((result) => (isDead ? never : result)),
  };
  const reached = (step: MessageStep): void => {
    if (step === at) isDead = true;
  };
  const router = bench.router(createFakeAgent().agent, { storage, reached });
  const living = createFakeAdapter(server, can);
  const adapter: Adapter = { ...living, send: (outbound, signal) => (isDead ? never : living.send(outbound, signal)) };
  return { router, adapter, isDead: () => isDead };
}

async function runToTheEnd(
  bench: MessageBench,
  server: FakeServer,
  can: Parameters<typeof createFakeAdapter>[1],
): Promise<Router> {
  const router = bench.router(createFakeAgent().agent);
  const adapter = createFakeAdapter(server, can);
  await router.start(new AbortController().signal);
  router.attach("fake", adapter).setReady(true);
  // The other side sends again what was never acknowledged.
  await router.admit("fake", inboundEvent("e1", "hello"));
  await eventually(() => {
    const { inboxWaiting, turnsRunning, outboxWaiting } = router.stats();
    return inboxWaiting + turnsRunning + outboxWaiting === 0;
  }, "empty queues");
  return router;
}

const routerSteps = messageSteps.filter(
  (step) => !["01-event-decoded", "04-upstream-acknowledged", "06-turn-written"].includes(step),
);

for (const can of [{ delivery: "idempotent" }, { delivery: "at-most-once", canProbe: true }] as const) {
  for (const step of routerSteps) {
    test(`killed at ${step} with a channel that is ${can.delivery}: one event gives one reply that arrives once`, async () => {
      using bench = createMessageBench();
      const server: FakeServer = { arrived: [] };
      const { router, adapter, isDead } = mortalRouter(bench, server, can, step);
      await router.start(new AbortController().signal);
      router.attach("fake", adapter).setReady(true);
      void router.admit("fake", inboundEvent("e1", "hello"));
      await eventually(isDead, step);

      const second = await runToTheEnd(bench, server, can);
      expect(server.arrived.map(({ text }) => text)).toEqual(["You said: hello"]);
      const rows = bench.storage.database.query("SELECT state FROM outbox").all();
      expect(rows).toEqual([{ state: "accepted" }]);
      expect(bench.storage.database.query("SELECT state FROM inbox").all()).toEqual([{ state: "done" }]);
      await second.stop();
    });
  }
}

test("a channel that cannot be asked is not sent to twice: the reply is unknown, and says so", async () => {
  using bench = createMessageBench();
  const server: FakeServer = { arrived: [] };
  const can = { delivery: "at-most-once", canProbe: false } as const;
  const { router, adapter, isDead } = mortalRouter(bench, server, can, "12-send-answered");
  await router.start(new AbortController().signal);
  router.attach("fake", adapter).setReady(true);
  void router.admit("fake", inboundEvent("e1", "hello"));
  await eventually(isDead, "the send");

  const second = await runToTheEnd(bench, server, can);
  expect(server.arrived).toHaveLength(1);
  expect(bench.storage.database.query("SELECT state, code FROM outbox").all()).toEqual([
    { state: "unknown", code: "interrupted" },
  ]);
  await second.stop();
});

test("a channel that cannot be asked loses no reply that was written but not begun to be sent", async () => {
  using bench = createMessageBench();
  const server: FakeServer = { arrived: [] };
  const can = { delivery: "at-most-once", canProbe: false } as const;
  const { router, adapter, isDead } = mortalRouter(bench, server, can, "10-reply-committed");
  await router.start(new AbortController().signal);
  router.attach("fake", adapter).setReady(true);
  void router.admit("fake", inboundEvent("e1", "hello"));
  await eventually(isDead, "the reply's commit");

  const second = await runToTheEnd(bench, server, can);
  expect(server.arrived).toHaveLength(1);
  expect(bench.storage.database.query("SELECT state FROM outbox").all()).toEqual([{ state: "accepted" }]);
  await second.stop();
});
