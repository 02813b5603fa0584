// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError } from "../../../shared/errors/index.ts";
import { createId, type PersonId } from "../../../shared/ids/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Role } from "../../gateway/access-control/index.ts";
import type { KeyOwner } from "../../gateway/encryption/index.ts";
import { type InboundEvent, inboundEventSchema } from "../protocol/index.ts";
import type { InboxItem, InboxLease } from "./inbox-row.ts";
import { inboxStatements, type WaitingRow } from "./inbox-statements.ts";
import { parseOutcome } from "./parse-outcome.ts";
import type { MessageStorage, MessageVault } from "./ports.ts";
import type { LiveEvent } from "./types.ts";

/** How a row stands, for who asks by its id. */
export interface InboxStanding {
  readonly isEnded: boolean;
  /** The last live event of an ended row, if it is still kept. */
  readonly outcome: LiveEvent | null;
}

/** The inbox. Everything but `standing` and `waiting` is to be called inside a transaction of the caller. */
export interface InboxStore {
  /** Takes ownership: a new epoch; rows that an older owner had leased wait again. */
  takeOver(): number;
  waiting(): InboxItem[];
  /** Inserts an event unless its id is known. @throws HearthError `lease-lost` when a newer router owns the tables. */
  insert(
    channel: string,
    event: InboundEvent,
    isImmediate: boolean,
  ): { readonly isDuplicate: boolean; readonly inboxId: string; readonly item?: InboxItem };
  /**
   * Undefined when the row has ended or a newer router owns the tables. A lease of this router that was never ended is
   * replaced, and whoever held it can commit nothing: one worker a row is the caller's part.
   */
  lease(id: string, leaseUntilMs: number): InboxLease | undefined;
  /** Records the gateway's yes, with the cleaned text sealed for the person. */
  decide(lease: InboxLease, person: PersonId, role: Role, reason: string, text: string): InboxLease;
  renew(lease: InboxLease, leaseUntilMs: number): void;
  /** Ends a row. @throws HearthError `lease-lost` when the lease is not this one any more; the caller's transaction rolls back. */
  finish(lease: InboxLease, state: "done" | "refused" | "dead", reason: string, outcome: LiveEvent): void;
  /** Gives the row back. `isUncounted`: the attempt does not count, as after an orderly stop. */
  putBack(lease: InboxLease, notBeforeMs: number, isUncounted: boolean): void;
  /** Ends a row that cannot be opened any more, whoever has it. */
  abandon(id: string, reason: string): void;
  /** Ends a dead row and gives back its event, to be answered anew as a row of its own; undefined when it is not dead. */
  exhume(id: string): { readonly channel: string; readonly event: InboundEvent } | undefined;
  /** Ends a row that waits; false when it does not wait. */
  cancelWaiting(id: string): boolean;
  standing(id: string): InboxStanding | undefined;
  conversationIndex(channel: string, conversation: string): string;
  /** Moves rows that ended before `endedBeforeMs` to the tombstones, drops those that are older than `seenBeforeMs`. */
  sweep(endedBeforeMs: number, seenBeforeMs: number): void;
}

function toItem(row: WaitingRow): InboxItem {
  return {
    id: row.id,
    channel: row.channel,
    // An immediate command has a lane of its own: it waits for nobody.
    lane: row.is_immediate === 1 ? row.id : row.lane_index,
    conversationIndex: row.conversation_index,
    isImmediate: row.is_immediate === 1,
    notBeforeMs: row.not_before_ms,
  };
}

const leaseLost = (id: string): HearthError =>
  new HearthError({
    code: "lease-lost",
    message: `message ${id} is answered by another worker now; what this worker made is dropped`,
  });

/** Makes the {@link InboxStore} over tables of migration 0002. */
export function createInboxStore(storage: MessageStorage, vault: MessageVault, clock: Clock): InboxStore {
  const statements = inboxStatements(storage.database);
  let epoch = 0;
  const place = (row: string, column: string) => ({ table: "inbox", row, column });
  const indexOf = (purpose: string, channel: string, value: string): string =>
    vault.blindIndex(`inbox-${purpose}`, `${channel}\0${value}`);

  return {
    takeOver() {
      epoch = statements.takeEpoch.get()?.epoch ?? 1;
      statements.recover.run();
      return epoch;
    },
    waiting: () => statements.waiting.all().map(toItem),
    insert(channel, event, isImmediate) {
      // Epoch 0 has taken nothing over: a command on the data folder of a box that does not run.
      if (epoch !== 0 && statements.currentEpoch.get()?.epoch !== epoch) throw leaseLost("(new)");
      const eventIndex = indexOf("event", channel, event.eventId);
      const known = statements.findEvent.get(channel, eventIndex) ?? statements.findTombstone.get(channel, eventIndex);
      if (known !== null) return { isDuplicate: true, inboxId: known.id };
      const receivedMs = clock.now();
      const id = createId("inbox", receivedMs);
      const laneIndex = indexOf("lane", channel, event.lane);
      const conversationIndex = indexOf("conversation", channel, event.conversation);
      const sealed = vault.seal("system", place(id, "event"), JSON.stringify(event));
      const immediate = isImmediate ? 1 : 0;
      statements.insert.run(id, channel, eventIndex, laneIndex, conversationIndex, immediate, sealed, receivedMs);
      const lane = isImmediate ? id : laneIndex;
      const item = { id, channel, lane, conversationIndex, isImmediate, notBeforeMs: 0 };
      return { isDuplicate: false, inboxId: id, item };
    },
    lease(id, leaseUntilMs) {
      const row = statements.lease.get(epoch, leaseUntilMs, id);
      if (row === null) return undefined;
      const owner = row.owner as KeyOwner;
      const event = parseJson(vault.open(owner, place(id, "event"), row.event), inboundEventSchema, "an inbox row");
      const { channel, attempts: attempt, received_ms: receivedMs } = row;
      return { id, channel, epoch, attempt, receivedMs, owner, role: row.role as Role | null, event };
    },
    decide(lease, person, role, reason, text) {
      const event = { ...lease.event, text };
      const sealed = vault.seal(person, place(lease.id, "event"), JSON.stringify(event));
      statements.decide.run(person, role, reason, sealed, lease.id);
      return { ...lease, owner: person, role, event };
    },
    renew(lease, leaseUntilMs) {
      statements.renew.run(leaseUntilMs, lease.id, lease.epoch, lease.attempt);
    },
    finish(lease, state, reason, outcome) {
      const sealed = vault.seal(lease.owner, place(lease.id, "outcome"), JSON.stringify(outcome));
      const { changes } = statements.finish.run(
        state,
        reason,
        sealed,
        clock.now(),
        lease.id,
        lease.epoch,
        lease.attempt,
      );
      if (changes !== 1) throw leaseLost(lease.id);
    },
    putBack(lease, notBeforeMs, isUncounted) {
      statements.putBack.run(notBeforeMs, isUncounted ? 1 : 0, lease.id, lease.epoch, lease.attempt);
    },
    abandon(id, reason) {
      statements.abandon.run(reason, clock.now(), id);
    },
    exhume(id) {
      const row = statements.dead.get(id);
      if (row === null) return undefined;
      const text = vault.open(row.owner as KeyOwner, place(id, "event"), row.event);
      const event = parseJson(text, inboundEventSchema, "an inbox row");
      statements.retire.run(id);
      // An event of its own: the old row's apology stays what it was, and the new answer is another message.
      return { channel: row.channel, event: { ...event, eventId: `again/${id}` } };
    },
    cancelWaiting: (id) => statements.cancelWaiting.run(clock.now(), id).changes === 1,
    standing(id) {
      const row = statements.state.get(id);
      if (row === null) return undefined;
      const isEnded = row.state !== "new" && row.state !== "leased";
      if (!isEnded || row.outcome === null) return { isEnded, outcome: null };
      return { isEnded, outcome: parseOutcome(vault.open(row.owner as KeyOwner, place(id, "outcome"), row.outcome)) };
    },
    conversationIndex: (channel, conversation) => indexOf("conversation", channel, conversation),
    sweep(endedBeforeMs, seenBeforeMs) {
      statements.bury.run(endedBeforeMs, seenBeforeMs);
      statements.clear.run(endedBeforeMs, seenBeforeMs);
      statements.forget.run(seenBeforeMs);
    },
  };
}
