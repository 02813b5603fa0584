// SPDX-License-Identifier: AGPL-3.0-only
import type { Timer } from "../../../shared/clock/index.ts";
import { HearthError, toHearthError } from "../../../shared/errors/index.ts";
import type { Service } from "../../../shared/lifecycle/index.ts";
import { type Adapter, type InboundEvent, inboundEventSchema } from "../protocol/index.ts";
import type { AttachedChannel, ChannelPort } from "./channel-port.ts";
import { createGuestBound } from "./guest-bound.ts";
import type { InboxItem, InboxLease } from "./inbox-row.ts";
import { createInboxStore, type InboxStanding } from "./inbox-store.ts";
import { createLanes } from "./lanes.ts";
import { createLiveHub } from "./live-hub.ts";
import { createOutboxSender } from "./outbox-sender.ts";
import { createOutboxStore } from "./outbox-store.ts";
import type { RouterDeps, RouterOptions } from "./ports.ts";
import { createTurnWorker, type TakenRow } from "./turn-worker.ts";
import type { LiveEvent, MessageRouter } from "./types.ts";

/** What waits and runs, for the metrics. */
export interface RouterStats {
  readonly inboxWaiting: number;
  readonly turnsRunning: number;
  readonly outboxWaiting: number;
}

/** The doors of the router for adapters' hosts. */
export interface AdapterDoor {
  /** Like {@link MessageRouter.admit}, for several, with `alongside` run in the same transaction after the rows are written. */
  admitAll(channel: string, events: readonly InboundEvent[], alongside?: Alongside): Promise<readonly Admitted[]>;
  receipt(channel: string, clientId: string, state: "delivered" | "read" | "failed"): Promise<void>;
}

/** What became of an admitted event. */
export interface Admitted {
  readonly isDuplicate: boolean;
  readonly inboxId: string;
}

/** An event in the inbox: with an item when it waits for its turn, ended already when its sender was turned away. */
interface InsertedRow extends Admitted {
  readonly item?: InboxItem;
  readonly turnedAway?: { readonly item: InboxItem; readonly taken: TakenRow };
}

type Alongside = (admitted: readonly Admitted[]) => void;

/** The router: inbox, turns and outbox, and their recovery after a crash. */
export type Router = MessageRouter &
  Service &
  ChannelPort &
  AdapterDoor & {
    stats(): RouterStats;
    /**
     * Tries again what was given up: a reply by its client id, or a message by its inbox id, which is answered anew.
     * Returns whether there was such a dead letter.
     */
    retryDead(id: string): boolean;
  };

const defaults = {
  inBoxChannels: ["web-chat", "api"] as readonly string[],
  impatientChannels: ["api"] as readonly string[],
  maximumConcurrentTurns: 64,
  maximumConcurrentSends: 32,
  maximumAttempts: 5,
  maximumWaitingPerGuest: 30,
  engineWaitMs: 24 * 3_600_000,
  leaseMs: 10 * 60_000,
  sendTimeoutMs: 30_000,
  giveUpMs: 3 * 24 * 3_600_000,
  retentionMs: 24 * 3_600_000,
  tombstoneMs: 30 * 24 * 3_600_000,
};
const maximumProbes = 8;
const stopGraceMs = 8_000;
const sweepEveryMs = 3_600_000;
/** For a channel whose adapter is not loaded while its reply is written. */
const cautiousTextLength = 2_000;

const lost: LiveEvent = {
  type: "turn-failed",
  code: "outcome-not-kept",
  message: "the outcome of this message is not kept any more",
  reply: "",
  isRetryable: false,
};
const cancelledUnstarted: LiveEvent = {
  type: "turn-failed",
  code: "cancelled",
  message: "cancelled before it was begun",
  reply: "",
  isRetryable: false,
};

/**
 * Makes the {@link Router}.
 *
 * What must stay true: a row of the inbox is answered by one worker at a time, and only the holder of its lease can end
 * it; the reply and the end of the row are one commit; a row of the outbox is marked before it is sent, and one that was
 * marked when the box died is asked about, not sent again, unless the other side is idempotent.
 */
export function createRouter(deps: RouterDeps, options: RouterOptions = {}): Router {
  const settings = { ...defaults, ...options };
  const { storage, clock, logger, reached } = deps;
  const inbox = createInboxStore(storage, deps.vault, clock);
  const outbox = createOutboxStore(storage, deps.vault, clock, maximumProbes);
  const sender = createOutboxSender(deps, outbox, { ...settings, maximumProbes });
  const hub = createLiveHub();
  const guests = createGuestBound(settings.maximumWaitingPerGuest);
  const lanes = createLanes<InboxItem>();
  // Immediate commands: no lane to wait in, and no limit to wait for.
  const express = createLanes<InboxItem>();
  const lanesOf = (item: InboxItem) => (item.isImmediate ? express : lanes);
  const adapters = new Map<string, Adapter>();
  const running = new Map<string, { item: InboxItem; cancel: AbortController; work: Promise<void> }>();
  // Rows that were leased in the commit that admitted them, on their way into their lane.
  const early = new Map<string, TakenRow>();
  const stopping = new AbortController();
  let isStarted = false;
  let timer: Timer | undefined;
  let sweeper: Timer | undefined;

  const worker = createTurnWorker(
    {
      ...deps,
      inbox,
      outbox,
      hub,
      isInBox: (channel) => settings.inBoxChannels.includes(channel),
      isImpatient: (channel) => settings.impatientChannels.includes(channel),
      maxTextLengthOf: (channel, conversation) =>
        adapters.get(channel)?.capabilities(conversation).maxTextLength ?? cautiousTextLength,
      showTyping,
      noteSender: (item, isGuest) => guests.note(item.id, isGuest),
      onReplies: (items) => sender.add(items),
      beginSend: (items) => sender.begin(items),
    },
    settings,
  );

  function showTyping(lease: InboxLease, isTyping: boolean): void {
    const { conversation, sender: from } = lease.event;
    adapters.get(lease.channel)?.showTyping?.({ conversation, to: from.address, isTyping });
  }

  async function run(item: InboxItem, cancel: AbortController): Promise<void> {
    const taken = early.get(item.id);
    early.delete(item.id);
    const result = await worker.work(item, cancel.signal, stopping.signal, taken);
    running.delete(item.id);
    if (result.isEnded) {
      guests.end(item.id);
      lanesOf(item).release(item.lane);
    } else lanesOf(item).putBack({ ...item, notBeforeMs: result.retryAtMs });
    pump();
  }

  /** The next item that may run now, if there is room. */
  function takeItem(): InboxItem | undefined {
    const nowMs = clock.now();
    return express.take(nowMs) ?? (running.size < settings.maximumConcurrentTurns ? lanes.take(nowMs) : undefined);
  }

  function pump(): void {
    timer?.cancel();
    timer = undefined;
    if (!isStarted || stopping.signal.aborted) return;
    for (let item = takeItem(); item !== undefined; item = takeItem()) {
      const cancel = new AbortController();
      // Registered before it runs: a worker that ends at once must find its own entry to remove.
      const entry = { item, cancel, work: Promise.resolve() };
      running.set(item.id, entry);
      entry.work = run(item, cancel);
    }
    const isFull = running.size >= settings.maximumConcurrentTurns;
    const dueMs = Math.min(express.nextDueMs() ?? Infinity, (isFull ? undefined : lanes.nextDueMs()) ?? Infinity);
    if (dueMs !== Infinity) timer = clock.after(Math.max(1, dueMs - clock.now()), pump);
  }

  function sweep(): void {
    try {
      const nowMs = clock.now();
      storage.transaction(() => {
        inbox.sweep(nowMs - settings.retentionMs, nowMs - settings.tombstoneMs);
        outbox.sweep(nowMs - settings.retentionMs, nowMs - settings.tombstoneMs);
      });
    } catch (thrown) {
      logger.error("sweep-failed", { code: toHearthError(thrown).code });
    }
    sweeper = clock.after(sweepEveryMs, sweep);
  }

  function refuseUnlessRunning(): void {
    if (isStarted && !stopping.signal.aborted) return;
    throw new HearthError({
      code: "router-not-running",
      message: "messages are not taken in now",
      remedy: "Try again.",
    });
  }

  /** Leases what can be answered at once in the commit that takes it in. What goes wrong is left to the worker. */
  function takeEarly(item: InboxItem | undefined, lanesTaken: Set<string>): void {
    if (item === undefined || lanesTaken.has(item.lane) || !lanesOf(item).isIdle(item.lane)) return;
    if (running.size + early.size >= settings.maximumConcurrentTurns) return;
    try {
      early.set(
        item.id,
        storage.transaction(() => worker.take(item)),
      );
      lanesTaken.add(item.lane);
    } catch (thrown) {
      logger.warn("message-not-taken-early", { inboxId: item.id, code: toHearthError(thrown).code });
    }
  }

  /** Inserts an event. One of a guest of whom too much waits is turned away in the same commit. */
  function insert(channel: string, event: InboundEvent): InsertedRow {
    const row = inbox.insert(channel, event, deps.agent.isImmediateCommand(event.text));
    const { item, isDuplicate, inboxId } = row;
    if (item === undefined || item.isImmediate || settings.inBoxChannels.includes(channel)) return row;
    const place = guests.take(JSON.stringify([channel, event.sender.address, event.sender.isVerified]), inboxId);
    if (place.isTaken) return row;
    return { isDuplicate, inboxId, turnedAway: { item, taken: worker.turnAway(item, place.isToBeTold) } };
  }

  async function admitAll(
    channel: string,
    events: readonly InboundEvent[],
    alongside?: Alongside,
  ): Promise<readonly Admitted[]> {
    refuseUnlessRunning();
    const parsed = events.map((event) => inboundEventSchema.parse(event));
    if (parsed.length > 0) reached("02-admit-begun");
    const rows: InsertedRow[] = [];
    const inserted = await storage
      .groupCommit(() => {
        for (const event of parsed) rows.push(insert(channel, event));
        alongside?.(rows);
        const lanesTaken = new Set<string>();
        for (const { item } of rows) takeEarly(item, lanesTaken);
        return rows;
      })
      .catch((thrown: unknown) => {
        // Nothing of it was kept: what was counted and leased on the way is not there.
        for (const { inboxId } of rows) {
          guests.end(inboxId);
          early.delete(inboxId);
        }
        throw thrown;
      });
    if (parsed.length > 0) reached("03-inbox-committed");
    for (const { item, isDuplicate, turnedAway } of inserted) {
      if (item !== undefined) lanesOf(item).add(item);
      if (turnedAway !== undefined) worker.tellRefusal(turnedAway.item, turnedAway.taken);
      deps.observe?.({ channel, direction: "in", outcome: isDuplicate ? "duplicate" : "admitted" });
    }
    pump();
    return inserted.map(({ isDuplicate, inboxId }) => ({ isDuplicate, inboxId }));
  }

  function standingOf(inboxId: string): InboxStanding | undefined {
    try {
      return inbox.standing(inboxId);
    } catch (thrown) {
      // The person was erased, or the value was changed: the live view says that the outcome is not kept.
      logger.warn("outcome-unreadable", { inboxId, code: toHearthError(thrown).code });
      return undefined;
    }
  }

  async function* watch(inboxId: string, signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const standing = standingOf(inboxId);
    if (standing?.isEnded === false) yield* hub.watch(inboxId, signal);
    else yield standing?.outcome ?? lost;
  }

  function cancelWaiting(matches: (item: InboxItem) => boolean): void {
    for (const item of [...lanes.remove(matches), ...express.remove(matches)]) {
      guests.end(item.id);
      if (storage.transaction(() => inbox.cancelWaiting(item.id))) hub.publish(item.id, cancelledUnstarted);
    }
  }

  return {
    name: "router",
    async start() {
      if (isStarted) return;
      const { waiting, unsettled } = storage.transaction(() => {
        inbox.takeOver();
        return { waiting: inbox.waiting(), unsettled: outbox.unsettled() };
      });
      isStarted = true;
      for (const item of waiting) lanesOf(item).add(item);
      sender.add(unsettled);
      if (waiting.length + unsettled.length > 0)
        logger.info("queues-recovered", { inbox: waiting.length, outbox: unsettled.length });
      sweep();
      pump();
    },
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      timer?.cancel();
      sweeper?.cancel();
      const work = Promise.all([...running.values()].map((entry) => entry.work)).then(() => sender.stop());
      // What does not end in time keeps its lease or its mark, and the next start deals with it as after a crash.
      await Promise.race([work, clock.sleep(stopGraceMs)]);
    },
    health: () =>
      isStarted && !stopping.signal.aborted
        ? { status: "ok" }
        : { status: "down", code: "router-not-running", message: "the message router does not run" },
    async admit(channel, event) {
      const [admitted] = await admitAll(channel, [event]);
      return admitted as Admitted;
    },
    admitAll,
    async receipt(channel, clientId, state) {
      await storage.groupCommit(() => outbox.receipt(channel, clientId, state));
    },
    watch,
    cancel(target) {
      const index = "inboxId" in target ? undefined : inbox.conversationIndex(target.channel, target.conversation);
      const matches = (item: InboxItem): boolean =>
        "inboxId" in target ? item.id === target.inboxId : item.conversationIndex === index;
      for (const { item, cancel } of running.values()) if (matches(item)) cancel.abort();
      cancelWaiting(matches);
    },
    retryDead(id) {
      const { reply, row } = storage.transaction(() => {
        const dead = inbox.exhume(id);
        if (dead === undefined) return { reply: outbox.revive(id), row: undefined };
        const isImmediate = deps.agent.isImmediateCommand(dead.event.text);
        return { reply: undefined, row: inbox.insert(dead.channel, dead.event, isImmediate).item };
      });
      if (isStarted && reply !== undefined) sender.add([reply]);
      if (isStarted && row !== undefined) lanesOf(row).add(row);
      pump();
      return reply !== undefined || row !== undefined;
    },
    attach(channel, adapter): AttachedChannel {
      adapters.set(channel, adapter);
      sender.setAdapter(channel, adapter, false);
      const isCurrent = (): boolean => adapters.get(channel) === adapter;
      return {
        setReady: (isReady) => {
          if (isCurrent()) sender.setAdapter(channel, adapter, isReady);
        },
        detach: () => {
          if (!isCurrent()) return;
          adapters.delete(channel);
          sender.setAdapter(channel, undefined, false);
        },
      };
    },
    stats: () => ({
      inboxWaiting: lanes.size + express.size,
      turnsRunning: running.size,
      outboxWaiting: sender.waiting,
    }),
  };
}
