// SPDX-License-Identifier: AGPL-3.0-only
import type { Timer } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Adapter, SendResult } from "../protocol/index.ts";
import { askAdapter } from "./ask-adapter.ts";
import { decideDelivery } from "./decide-delivery.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import type { OutboxEntry, OutboxItem } from "./outbox-row.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { RouterDeps } from "./ports.ts";

/** Limits of the sender. */
export interface OutboxSenderLimits {
  readonly maximumConcurrentSends: number;
  readonly sendTimeoutMs: number;
  readonly giveUpMs: number;
  readonly maximumProbes: number;
}

/** Sends what is in the outbox, a conversation in order, conversations beside each other. */
export interface OutboxSender {
  add(items: readonly OutboxItem[]): void;
  /**
   * Marks the first of new items as being sent, inside the transaction that writes them, if it can go at once. It saves a
   * commit. Only where the other side knows a repetition or can be asked: a crash before the send then costs nothing.
   */
  begin(items: readonly OutboxItem[]): void;
  /** The adapter that sends for a channel, or none; `isReady`: it can send now. */
  setAdapter(channel: string, adapter: Adapter | undefined, isReady: boolean): void;
  /** Stops sending; sends under way are aborted and their results recorded. */
  stop(): Promise<void>;
  /** Rows that wait, of all channels. */
  readonly waiting: number;
}

interface Begun {
  readonly entry: OutboxEntry;
  /** It may have been sent before: to be asked about. */
  readonly mustProbe: boolean;
}

interface ChannelQueue {
  readonly lanes: Lanes<OutboxItem>;
  adapter: Adapter | undefined;
  isReady: boolean;
  running: number;
  timer: Timer | undefined;
}

/** Makes the {@link OutboxSender}. */
export function createOutboxSender(deps: RouterDeps, outbox: OutboxStore, limits: OutboxSenderLimits): OutboxSender {
  const { storage, clock, logger, reached } = deps;
  const random = deps.random ?? Math.random;
  const queues = new Map<string, ChannelQueue>();
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  // Rows that are marked already, and nothing of them was sent.
  const begun = new Map<string, Begun>();

  const queueOf = (channel: string): ChannelQueue => {
    const known = queues.get(channel);
    if (known !== undefined) return known;
    const queue = {
      lanes: createLanes<OutboxItem>(),
      adapter: undefined,
      isReady: false,
      running: 0,
      timer: undefined,
    };
    queues.set(channel, queue);
    return queue;
  };

  /** Reads the row; what is to be sent is marked in the same transaction, what may have been sent is not sent again. */
  function begin(item: OutboxItem, adapter: Adapter): Begun | undefined {
    const entry = outbox.read(item.id);
    if (entry === undefined || entry.state === "accepted" || entry.state === "failed") return undefined;
    const isIdempotent = adapter.capabilities(entry.outbound.conversation).delivery === "idempotent";
    const mustProbe = entry.state !== "queued" && !isIdempotent;
    if (!mustProbe) outbox.begin(item.id);
    return { entry, mustProbe };
  }

  async function ask(adapter: Adapter, entry: OutboxEntry, mustProbe: boolean): Promise<SendResult> {
    const { outbound } = entry;
    const isProbable = adapter.probe !== undefined && adapter.capabilities(outbound.conversation).canProbe;
    if (mustProbe && !isProbable) return { status: "unknown", code: "interrupted" };
    if (!mustProbe) reached("11-send-begun");
    const result = await askAdapter(
      (signal) =>
        mustProbe && adapter.probe !== undefined ? adapter.probe(outbound, signal) : adapter.send(outbound, signal),
      clock,
      limits.sendTimeoutMs,
      stopping.signal,
    );
    if (!mustProbe) reached("12-send-answered");
    return result;
  }

  async function deliver(item: OutboxItem, adapter: Adapter): Promise<OutboxItem | undefined> {
    const early = begun.get(item.id);
    begun.delete(item.id);
    const marked = early ?? (await storage.groupCommit(() => begin(item, adapter)));
    if (marked === undefined) return undefined;
    const { entry, mustProbe } = marked;
    const result = await ask(adapter, entry, mustProbe);
    const { delivery, canProbe } = adapter.capabilities(entry.outbound.conversation);
    const facts = {
      result,
      isProbe: mustProbe,
      attempts: entry.attempts + (mustProbe ? 0 : 1),
      probes: entry.probes + (mustProbe ? 1 : 0),
      ageMs: clock.now() - entry.createdMs,
      delivery,
      canProbe: canProbe && adapter.probe !== undefined,
    };
    const decision = decideDelivery(facts, limits, random);
    const notBeforeMs = clock.now() + decision.delayMs;
    await storage.groupCommit(() => outbox.record(item.id, decision.state, decision.code, notBeforeMs, mustProbe));
    reached("13-send-recorded");
    if (!decision.isSettled) return { ...item, notBeforeMs };
    deps.observe?.({ channel: item.channel, direction: "out", outcome: decision.state });
    if (decision.state !== "accepted")
      logger.warn("send-settled", {
        clientId: item.id,
        channel: item.channel,
        state: decision.state,
        code: decision.code,
      });
    return undefined;
  }

  async function run(queue: ChannelQueue, item: OutboxItem, adapter: Adapter): Promise<void> {
    let again: OutboxItem | undefined;
    try {
      again = await deliver(item, adapter);
    } catch (thrown) {
      const error = toHearthError(thrown);
      logger.error("send-failed", { clientId: item.id, channel: item.channel, code: error.code });
      // A row whose text cannot be opened (its person was erased) will never be sent; anything else may get better.
      const isLost = error.code === "value-tampered" || error.code === "key-destroyed";
      again = isLost ? undefined : { ...item, notBeforeMs: clock.now() + 5_000 };
    }
    queue.running -= 1;
    if (again === undefined) queue.lanes.release(item.lane);
    else queue.lanes.putBack(again);
    pump(queue);
  }

  function pump(queue: ChannelQueue): void {
    queue.timer?.cancel();
    queue.timer = undefined;
    const { adapter } = queue;
    if (adapter === undefined || !queue.isReady || stopping.signal.aborted) return;
    while (queue.running < limits.maximumConcurrentSends) {
      const item = queue.lanes.take(clock.now());
      if (item === undefined) break;
      queue.running += 1;
      const work = run(queue, item, adapter);
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    }
    const dueMs = queue.lanes.nextDueMs();
    if (queue.running >= limits.maximumConcurrentSends || dueMs === undefined) return;
    queue.timer = clock.after(Math.max(1, dueMs - clock.now()), () => pump(queue));
  }

  return {
    add(items) {
      for (const item of items) queueOf(item.channel).lanes.add(item);
      for (const channel of new Set(items.map((item) => item.channel))) pump(queueOf(channel));
    },
    begin([first]) {
      if (first === undefined) return;
      const { adapter, isReady, running, lanes } = queueOf(first.channel);
      if (adapter === undefined || !isReady || running >= limits.maximumConcurrentSends || !lanes.isIdle(first.lane))
        return;
      const read = outbox.read(first.id);
      if (read?.state !== "queued") return;
      const { delivery, canProbe } = adapter.capabilities(read.outbound.conversation);
      if (delivery !== "idempotent" && !(canProbe && adapter.probe !== undefined)) return;
      outbox.begin(first.id);
      begun.set(first.id, { entry: read, mustProbe: false });
    },
    setAdapter(channel, adapter, isReady) {
      const queue = queueOf(channel);
      queue.adapter = adapter;
      queue.isReady = isReady;
      pump(queue);
    },
    async stop() {
      stopping.abort();
      for (const queue of queues.values()) queue.timer?.cancel();
      await Promise.all(underWay);
    },
    get waiting() {
      let waiting = 0;
      for (const queue of queues.values()) waiting += queue.lanes.size + queue.running;
      return waiting;
    },
  };
}
