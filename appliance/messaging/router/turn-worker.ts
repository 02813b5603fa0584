// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { RunningTurn } from "../../agent/turns/index.ts";
import type { Admission } from "../../gateway/access-control/index.ts";
import { backOffMs } from "./back-off-ms.ts";
import { engineWaitMs, isEngineAway } from "./engine-wait.ts";
import { followTurn, type TurnOutcome } from "./follow-turn.ts";
import type { InboxItem, InboxLease } from "./inbox-row.ts";
import type { InboxStore } from "./inbox-store.ts";
import type { LiveHub } from "./live-hub.ts";
import type { OutboxItem } from "./outbox-row.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { RouterDeps } from "./ports.ts";
import { apologyText, tooManyWaitingText } from "./reply-texts.ts";
import { splitText } from "./split-text.ts";
import type { LiveEvent } from "./types.ts";

/** What a worker needs beside the router's own deps. */
export interface TurnWorkerDeps extends RouterDeps {
  readonly inbox: InboxStore;
  readonly outbox: OutboxStore;
  readonly hub: LiveHub;
  readonly isInBox: (channel: string) => boolean;
  /** Whether the channel's sender waits on the line and tries again when told that the engine is away. */
  readonly isImpatient: (channel: string) => boolean;
  /** Longest text of one message to a conversation, in UTF-16 units. */
  readonly maxTextLengthOf: (channel: string, conversation: string) => number;
  readonly showTyping: (lease: InboxLease, isTyping: boolean) => void;
  /** The gateway let the sender of a message in: as a guest of an open channel, or as somebody known. */
  readonly noteSender: (item: InboxItem, isGuest: boolean) => void;
  /** Replies were committed and can be sent. */
  readonly onReplies: (items: readonly OutboxItem[]) => void;
  /** Marks a reply as being sent, in the transaction that writes it, if it can go at once and that is safe. */
  readonly beginSend: (items: readonly OutboxItem[]) => void;
}

/** Limits of a worker. */
export interface TurnWorkerLimits {
  readonly maximumAttempts: number;
  readonly engineWaitMs: number;
  readonly leaseMs: number;
}

/** What became of an item: its lane is free, or it waits again at the head of its lane until `retryAtMs`. */
export type WorkResult = { readonly isEnded: true } | { readonly isEnded: false; readonly retryAtMs: number };

type Refusal = Extract<Admission, { isAllowed: false }>;
type TurnFailed = Extract<TurnOutcome, { type: "turn-failed" }>;

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const ended: WorkResult = { isEnded: true };

/** Answers one inbox row: lease and gateway in one transaction, the turn, then reply and end of the row in another. */
export interface TurnWorker {
  /**
   * Leases a row and asks the gateway, inside the transaction of the caller: the one that admitted it, when it can be
   * answered at once, which saves a commit.
   */
  take(item: InboxItem): TakenRow;
  /** Ends a row of a guest of whom too much waits, inside the transaction of the caller. */
  turnAway(item: InboxItem, isToBeTold: boolean): TakenRow;
  /** Tells of a refusal that was committed, and sends its reply. */
  tellRefusal(item: InboxItem, taken: TakenRow): void;
  /**
   * Never rejects. `stopping` aborting with nothing committed yet gives the row back uncounted; `cancelled` aborting ends
   * the turn, and what was said so far is the reply.
   */
  work(item: InboxItem, cancelled: AbortSignal, stopping: AbortSignal, early?: TakenRow): Promise<WorkResult>;
}

/** A row that was leased, and what the gateway said of it. */
export interface TakenRow {
  /** Undefined: the row is not there to be answered any more. */
  readonly lease: InboxLease | undefined;
  readonly refusal?: Refusal;
  readonly replies: readonly OutboxItem[];
}

/** Makes the {@link TurnWorker}. */
export function createTurnWorker(deps: TurnWorkerDeps, limits: TurnWorkerLimits): TurnWorker {
  const { storage, inbox, outbox, hub, clock, reached } = deps;
  const random = deps.random ?? Math.random;
  const count = (channel: string, outcome: string): void => deps.observe?.({ channel, direction: "in", outcome });

  function writeReply(lease: InboxLease, text: string): OutboxItem[] {
    const { event, channel, id } = lease;
    const parts = splitText(text, deps.maxTextLengthOf(channel, event.conversation));
    const reply = event.messageId === undefined ? {} : { inReplyTo: event.messageId };
    const draft = { inboxId: id, channel, conversation: event.conversation, to: event.sender.address, parts, ...reply };
    return outbox.insert(lease.owner, draft);
  }

  function askGateway(lease: InboxLease): Admission {
    const { event, channel } = lease;
    const { sender } = event;
    return deps.gateway.admit({
      sender: {
        channel,
        address: sender.address,
        isVerified: sender.isVerified,
        ...(sender.displayName === undefined ? {} : { displayName: sender.displayName }),
        ...(deps.isInBox(channel) ? { authenticatedPerson: sender.address as PersonId } : {}),
      },
      policy: deps.policyOf(channel),
      conversation: event.conversation,
      isGroup: event.isGroup,
      text: event.text,
      ...(event.language === undefined ? {} : { language: event.language }),
    });
  }

  /** Runs in one transaction: who leased and what the gateway said are written together or not at all. */
  function take(item: InboxItem): TakenRow {
    const lease = inbox.lease(item.id, clock.now() + limits.leaseMs);
    if (lease === undefined || lease.role !== null) return { lease, replies: [] };
    const admission = askGateway(lease);
    if (admission.isAllowed) {
      deps.noteSender(item, admission.reason === "anyone-reply-only");
      const decided = inbox.decide(lease, admission.person, admission.role, admission.reason, admission.text);
      return { lease: decided, replies: [] };
    }
    return refuse(lease, admission);
  }

  function refuse(lease: InboxLease, refusal: Refusal): TakenRow {
    inbox.finish(lease, "refused", refusal.reason, refusedEvent(refusal));
    const replies = refusal.reply === undefined ? [] : writeReply(lease, refusal.reply);
    return { lease, refusal, replies };
  }

  function turnAway(item: InboxItem, isToBeTold: boolean): TakenRow {
    const lease = inbox.lease(item.id, clock.now() + limits.leaseMs);
    if (lease === undefined) return { lease, replies: [] };
    const explanation = "too many messages of this guest wait for an answer";
    const reply = isToBeTold ? { reply: tooManyWaitingText(lease.event.language) } : {};
    return refuse(lease, { isAllowed: false, reason: "rate-limited", explanation, ...reply });
  }

  function tellRefusal(item: InboxItem, { refusal, replies }: TakenRow): void {
    if (refusal === undefined) return;
    if (replies.length > 0) reached("10-reply-committed");
    hub.publish(item.id, refusedEvent(refusal));
    deps.onReplies(replies);
    count(item.channel, "refused");
  }

  function startTurn(lease: InboxLease, signal: AbortSignal): RunningTurn {
    const { event } = lease;
    return deps.agent.startTurn(
      {
        person: lease.owner as PersonId,
        role: lease.role ?? "guest",
        channel: lease.channel,
        conversation: event.conversation,
        text: event.text,
        inboxId: lease.id,
        ...(event.language === undefined ? {} : { language: event.language }),
      },
      signal,
    );
  }

  /** Reply, end of the turn and end of the row: all of it or nothing. */
  async function settle(
    lease: InboxLease,
    turn: RunningTurn | undefined,
    outcome: TurnOutcome,
    state: "done" | "dead",
  ): Promise<WorkResult> {
    const replies = await storage.groupCommit(() => {
      turn?.commit(outcome);
      inbox.finish(lease, state, outcome.type === "turn-ended" ? outcome.reason : outcome.code, outcome);
      const written = writeReply(lease, outcome.reply);
      deps.beginSend(written);
      return written;
    });
    reached("10-reply-committed");
    hub.publish(lease.id, outcome);
    deps.onReplies(replies);
    count(lease.channel, state === "dead" ? "dead" : outcome.type === "turn-ended" ? "answered" : "failed");
    return ended;
  }

  async function giveBack(lease: InboxLease, delayMs: number, isUncounted: boolean): Promise<WorkResult> {
    const retryAtMs = clock.now() + delayMs;
    await storage.groupCommit(() => inbox.putBack(lease, retryAtMs, isUncounted));
    return { isEnded: false, retryAtMs };
  }

  function deadLetter(lease: InboxLease, turn: RunningTurn | undefined, outcome: TurnOutcome): Promise<WorkResult> {
    deps.logger.error("message-dead", { inboxId: lease.id, channel: lease.channel, attempts: lease.attempt });
    const reply = apologyText(lease.event.language);
    const code = outcome.type === "turn-failed" ? outcome.code : outcome.reason;
    const waitedMs = clock.now() - lease.receivedMs;
    const message = `not answered after ${lease.attempt} counted attempts and ${waitedMs} ms`;
    return settle(lease, turn, { type: "turn-failed", code, message, reply, isRetryable: false }, "dead");
  }

  /** The engine is away: the message waits for it, at no cost of its attempts, unless its sender would rather know. */
  async function awaitEngine(lease: InboxLease, turn: RunningTurn, outcome: TurnFailed): Promise<WorkResult> {
    if (deps.isImpatient(lease.channel)) return settle(lease, turn, outcome, "done");
    const waitedMs = Math.max(0, clock.now() - lease.receivedMs);
    if (waitedMs >= limits.engineWaitMs) return deadLetter(lease, turn, outcome);
    deps.logger.debug("turn-waits-for-engine", { inboxId: lease.id, code: outcome.code, waitedMs });
    return giveBack(lease, engineWaitMs(waitedMs, outcome.retryAfterMs, random), true);
  }

  /** Follows the turn; when it says nothing for the length of the lease, it is taken for hung. */
  async function follow(lease: InboxLease, turn: RunningTurn, abort: () => void): Promise<TurnOutcome> {
    let giveUp: (outcome: TurnOutcome) => void = () => undefined;
    const hung = new Promise<TurnOutcome>((resolve) => {
      giveUp = resolve;
    });
    const arm = () =>
      clock.after(limits.leaseMs, () => {
        abort();
        giveUp({ type: "turn-failed", code: "turn-hung", message: "the turn hung", reply: "", isRetryable: true });
      });
    let watchdog = arm();
    let renewedMs = clock.monotonicMs();
    const onEvent = (event: LiveEvent): void => {
      watchdog.cancel();
      watchdog = arm();
      hub.publish(lease.id, event);
      if (clock.monotonicMs() - renewedMs < limits.leaseMs / 3) return;
      renewedMs = clock.monotonicMs();
      storage.transaction(() => inbox.renew(lease, clock.now() + limits.leaseMs));
    };
    try {
      return await Promise.race([followTurn(turn.events, { onEvent, reached }), hung]);
    } finally {
      watchdog.cancel();
    }
  }

  async function answer(lease: InboxLease, cancelled: AbortSignal, stopping: AbortSignal): Promise<WorkResult> {
    if (lease.attempt > limits.maximumAttempts) {
      // Earlier attempts ended with the process: this message may be what ends it.
      const outcome = { type: "turn-failed", code: "crashed", message: "", reply: "", isRetryable: false } as const;
      return deadLetter(lease, undefined, outcome);
    }
    if (stopping.aborted) return giveBack(lease, 0, true);
    const hungUp = new AbortController();
    const signal = AbortSignal.any([cancelled, stopping, hungUp.signal]);
    deps.showTyping(lease, true);
    try {
      const turn = startTurn(lease, signal);
      const outcome = await follow(lease, turn, () => hungUp.abort());
      if (stopping.aborted) return await giveBack(lease, 0, true);
      if (outcome.type === "turn-ended" || !outcome.isRetryable) return await settle(lease, turn, outcome, "done");
      if (isEngineAway(outcome.code)) return await awaitEngine(lease, turn, outcome);
      if (lease.attempt >= limits.maximumAttempts) return await deadLetter(lease, turn, outcome);
      deps.logger.warn("turn-retried", { inboxId: lease.id, code: outcome.code, attempt: lease.attempt });
      const delayMs = outcome.retryAfterMs ?? backOffMs(lease.attempt, firstRetryMs, longestRetryMs, random);
      return await giveBack(lease, delayMs, false);
    } finally {
      deps.showTyping(lease, false);
    }
  }

  async function afterFailure(item: InboxItem, thrown: unknown, lease: InboxLease | undefined): Promise<WorkResult> {
    const error = toHearthError(thrown);
    // Not its message: that of an error nobody foresaw may hold a part of the text.
    deps.logger.error("message-failed", { inboxId: item.id, code: error.code });
    if (error.code === "lease-lost") return ended;
    const retryAtMs = clock.now() + backOffMs(lease?.attempt ?? 3, firstRetryMs, longestRetryMs, random);
    try {
      if (error.code === "value-tampered" || error.code === "key-destroyed") {
        await storage.groupCommit(() => inbox.abandon(item.id, error.code));
        return ended;
      }
      if (lease !== undefined) await storage.groupCommit(() => inbox.putBack(lease, retryAtMs, false));
    } catch (again) {
      // The disk is in trouble: the row keeps its lease, which the next start takes over; until then the lane waits.
      deps.logger.error("message-not-returned", { inboxId: item.id, code: toHearthError(again).code });
    }
    return { isEnded: false, retryAtMs };
  }

  return {
    take,
    turnAway,
    tellRefusal,
    async work(item, cancelled, stopping, early) {
      let lease = early?.lease;
      try {
        const taken = early ?? (await storage.groupCommit(() => take(item)));
        if (taken.lease === undefined) return ended;
        lease = taken.lease;
        reached("05-gateway-decided");
        if (taken.refusal !== undefined) {
          tellRefusal(item, taken);
          return ended;
        }
        return await answer(lease, cancelled, stopping);
      } catch (thrown) {
        return afterFailure(item, thrown, lease);
      }
    },
  };
}

function refusedEvent(refusal: Refusal): Extract<LiveEvent, { type: "refused" }> {
  return {
    type: "refused",
    reason: refusal.reason,
    ...(refusal.reply === undefined ? {} : { reply: refusal.reply }),
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
  };
}
