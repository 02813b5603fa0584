// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { Clock } from "../../../shared/clock/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { KeyOwner } from "../../gateway/encryption/index.ts";
import { outboxClientId } from "./outbox-client-id.ts";
import type { OutboxDraft, OutboxEntry, OutboxItem, OutboxState } from "./outbox-row.ts";
import { outboxStatements, type UnsettledRow } from "./outbox-statements.ts";
import type { MessageStorage, MessageVault } from "./ports.ts";

/** The outbox. Everything but `unsettled` is to be called inside a transaction of the caller. */
export interface OutboxStore {
  /** Rows that are queued, were being sent, or are unknown and may still be probed, in order. */
  unsettled(): OutboxItem[];
  /** Writes the parts of a reply, sealed for `owner`. A part that is there already stays as it is. */
  insert(owner: KeyOwner, draft: OutboxDraft): OutboxItem[];
  read(clientId: string): OutboxEntry | undefined;
  /** Marks the row as being sent and counts the attempt. */
  begin(clientId: string): void;
  record(clientId: string, state: OutboxState, code: string | null, notBeforeMs: number, isProbe: boolean): void;
  receipt(channel: string, clientId: string, state: "delivered" | "read" | "failed"): void;
  /** Queues a row that was given up; undefined when there is none. */
  revive(clientId: string): OutboxItem | undefined;
  /** Deletes accepted rows older than `acceptedBeforeMs` and all settled rows older than `settledBeforeMs`. */
  sweep(acceptedBeforeMs: number, settledBeforeMs: number): void;
}

const payloadSchema = z.object({
  conversation: z.string(),
  to: z.string(),
  text: z.string(),
  inReplyTo: z.string().exactOptional(),
});

const toItem = (row: UnsettledRow): OutboxItem => ({
  id: row.client_id,
  channel: row.channel,
  lane: row.conversation_index,
  notBeforeMs: row.not_before_ms,
});

/** Makes the {@link OutboxStore}. `maximumProbes`: an unknown row that was probed so often stays unknown. */
export function createOutboxStore(
  storage: MessageStorage,
  vault: MessageVault,
  clock: Clock,
  maximumProbes: number,
): OutboxStore {
  const statements = outboxStatements(storage.database);
  const place = (row: string) => ({ table: "outbox", row, column: "payload" });

  return {
    unsettled: () => statements.unsettled.all(maximumProbes).map(toItem),
    insert(owner, draft) {
      const { inboxId, channel, conversation, to, parts } = draft;
      const lane = vault.blindIndex("outbox-conversation", `${channel}\0${conversation}`);
      const nowMs = clock.now();
      return parts.map((text, part) => {
        const id = outboxClientId(inboxId, part);
        const payload = {
          conversation,
          to,
          text,
          ...(draft.inReplyTo === undefined ? {} : { inReplyTo: draft.inReplyTo }),
        };
        const sealed = vault.seal(owner, place(id), JSON.stringify(payload));
        statements.insert.run(id, inboxId, part, channel, lane, owner, sealed, nowMs);
        return { id, channel, lane, notBeforeMs: 0 };
      });
    },
    read(clientId) {
      const row = statements.read.get(clientId);
      if (row === null) return undefined;
      const text = vault.open(row.owner as KeyOwner, place(clientId), row.payload);
      const payload = parseJson(text, payloadSchema, "an outbox row");
      return {
        outbound: { clientId, ...payload, attempt: row.attempts + 1 },
        state: row.state as OutboxState,
        attempts: row.attempts,
        probes: row.probes,
        createdMs: row.created_ms,
      };
    },
    begin(clientId) {
      statements.begin.run(clock.now(), clientId);
    },
    record(clientId, state, code, notBeforeMs, isProbe) {
      statements.record.run(state, code, notBeforeMs, isProbe ? 1 : 0, clock.now(), clientId);
    },
    revive(clientId) {
      const row = statements.revive.get(clock.now(), clientId);
      return row === null ? undefined : toItem(row);
    },
    receipt(channel, clientId, state) {
      statements.receipt.run(state, clock.now(), channel, clientId);
    },
    sweep(acceptedBeforeMs, settledBeforeMs) {
      statements.sweep.run(acceptedBeforeMs, settledBeforeMs);
    },
  };
}
