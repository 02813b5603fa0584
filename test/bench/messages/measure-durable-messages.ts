// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";
import type { Agent, TurnEvent } from "../../../appliance/agent/turns/index.ts";
import { createVault } from "../../../appliance/gateway/encryption/index.ts";
import type { Adapter, InboundEvent } from "../../../appliance/messaging/protocol/index.ts";
import { createRouter } from "../../../appliance/messaging/router/index.ts";
import { openStorage } from "../../../appliance/ops/storage/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { createId, type PersonId } from "../../../shared/ids/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";

/** What was measured. */
export interface DurableMessages {
  readonly messages: number;
  /** From the first admission to the last recorded send. */
  readonly elapsedMs: number;
  readonly messagesPerSecond: number;
  /** From admission to the recorded send of its reply, one message at a time: the box's own work, without a model. */
  readonly singleMessageP50Ms: number;
  readonly singleMessageP95Ms: number;
  readonly cpuMsPerMessage: number;
}

/** How to measure. */
export interface DurableMessagesOptions {
  readonly messages: number;
  /** Conversations that the messages are spread over. */
  readonly conversations: number;
  /** Messages under way at once. */
  readonly inFlight: number;
  /** Messages measured one at a time. */
  readonly singles: number;
}

const reply =
  "The answer to this message, as long as a short answer of a model is, in a sentence or two of plain words.";

/** Answers at once: what is left is inbox, gateway, outbox and their commits. */
function instantAgent(): Agent {
  async function* events(): AsyncIterable<TurnEvent> {
    yield {
      type: "turn-ended",
      reply,
      reason: "stop",
      promptTokens: 0,
      cachedTokens: 0,
      completionTokens: 0,
      sources: [],
    };
  }
  return {
    startTurn: () => ({
      turnId: createId("turn"),
      sessionId: createId("session"),
      events: events(),
      commit: () => undefined,
    }),
    isImmediateCommand: () => false,
  };
}

function event(index: number, conversation: string): InboundEvent {
  return {
    eventId: `event-${index}`,
    lane: conversation,
    conversation,
    isGroup: false,
    sender: { address: `${conversation}@example.org`, isVerified: true },
    kind: "message",
    text: `message number ${index}, with a few words in it`,
    sentMs: Date.now(),
  };
}

/** The other side: takes everything at once and says when a given message has arrived. */
function countingAdapter(): { adapter: Adapter; arrived: () => number } {
  let arrived = 0;
  const adapter: Adapter = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    send: async () => {
      arrived += 1;
      return { status: "accepted" };
    },
    capabilities: () => ({
      maxTextLength: 10_000,
      markup: "none",
      groups: "no",
      typing: "no",
      streaming: "no",
      receipts: "no",
      encryption: "none",
      isSenderVerified: true,
      delivery: "idempotent",
      canProbe: false,
    }),
    health: () => ({ lastReceivedMs: null, pending: 0 }),
  };
  return { adapter, arrived: () => arrived };
}

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/**
 * Durable messages a second through inbox and outbox, sealed, on a real disk: each is admitted, decided on, answered at
 * once, its reply committed, sent and recorded. Set `TMPDIR` to choose the disk.
 */
export async function measureDurableMessages(options: DurableMessagesOptions): Promise<DurableMessages> {
  using directory = temporaryDirectory();
  using storage = openStorage({ path: join(directory.path, "hearth.db") });
  using vault = createVault({ storage, masterKey: new Uint8Array(32).fill(1) });
  const person = createId("person") as PersonId;
  vault.createKey(person);
  const router = createRouter({
    storage,
    vault,
    gateway: {
      admit: ({ text }) => ({
        isAllowed: true,
        person,
        role: "member",
        reason: "known-person",
        explanation: "",
        text,
        findings: [],
      }),
    },
    agent: instantAgent(),
    clock: systemClock,
    logger: silentLogger,
    reached: () => undefined,
    policyOf: () => "anyone",
  });
  const { adapter } = countingAdapter();
  await router.start(new AbortController().signal);
  router.attach("bench", adapter).setReady(true);
  const settled = async (): Promise<void> => {
    for (;;) {
      const { inboxWaiting, turnsRunning, outboxWaiting } = router.stats();
      if (inboxWaiting + turnsRunning + outboxWaiting === 0) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  let next = 0;
  const feed = async (): Promise<void> => {
    while (next < options.messages) {
      const index = next++;
      await router.admit("bench", event(index, `conversation-${index % options.conversations}`));
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, feed));
  await settled();
  const elapsedMs = performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);

  const singles: number[] = [];
  for (let index = 0; index < options.singles; index += 1) {
    const beganMs = performance.now();
    await router.admit("bench", event(options.messages + index, "single"));
    await settled();
    singles.push(performance.now() - beganMs);
  }
  await router.stop();
  singles.sort((one, other) => one - other);
  return {
    messages: options.messages,
    elapsedMs,
    messagesPerSecond: (options.messages / elapsedMs) * 1_000,
    singleMessageP50Ms: percentile(singles, 0.5),
    singleMessageP95Ms: percentile(singles, 0.95),
    cpuMsPerMessage: (cpu.user + cpu.system) / 1_000 / options.messages,
  };
}
