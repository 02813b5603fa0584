// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";

/** What the database holds of a row that is not settled. */
export interface UnsettledRow {
  readonly client_id: string;
  readonly channel: string;
  readonly conversation_index: string;
  readonly not_before_ms: number;
}

/** What the database holds of a row that is to be sent. */
export interface SendableRow {
  readonly owner: string;
  readonly state: string;
  readonly payload: Uint8Array;
  readonly attempts: number;
  readonly probes: number;
  readonly created_ms: number;
}

/** The statements of the outbox, prepared once. */
export function outboxStatements(database: Database) {
  return {
    unsettled: database.query<UnsettledRow, [number]>(
      `SELECT client_id, channel, conversation_index, not_before_ms FROM outbox
       WHERE state IN ('queued', 'sending', 'unknown') AND (state <> 'unknown' OR probes < ?1) ORDER BY sequence`,
    ),
    insert: database.query<unknown, [string, string, number, string, string, string, Uint8Array, number]>(
      `INSERT OR IGNORE INTO outbox (client_id, inbox_id, part, channel, conversation_index, owner, state, payload, created_ms, updated_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?8)`,
    ),
    read: database.query<SendableRow, [string]>(
      "SELECT owner, state, payload, attempts, probes, created_ms FROM outbox WHERE client_id = ?1",
    ),
    begin: database.query<unknown, [number, string]>(
      "UPDATE outbox SET state = 'sending', attempts = attempts + 1, updated_ms = ?1 WHERE client_id = ?2",
    ),
    record: database.query<unknown, [string, string | null, number, number, number, string]>(
      `UPDATE outbox SET state = ?1, code = ?2, not_before_ms = ?3, probes = probes + ?4, updated_ms = ?5
       WHERE client_id = ?6`,
    ),
    revive: database.query<UnsettledRow, [number, string]>(
      // Given a new life: attempts and age count from now.
      `UPDATE outbox SET state = 'queued', attempts = 0, probes = 0, not_before_ms = 0, code = NULL, created_ms = ?1, updated_ms = ?1
       WHERE client_id = ?2 AND state = 'failed' RETURNING client_id, channel, conversation_index, not_before_ms`,
    ),
    receipt: database.query<unknown, [string, number, string, string]>(
      // A receipt of "read" outranks one of "delivered" that comes late.
      `UPDATE outbox SET receipt = ?1, updated_ms = ?2
       WHERE channel = ?3 AND client_id = ?4 AND (receipt IS NULL OR receipt <> 'read')`,
    ),
    sweep: database.query<unknown, [number, number]>(
      `DELETE FROM outbox WHERE (updated_ms <= ?1 AND state = 'accepted')
         OR (updated_ms <= ?2 AND state IN ('failed', 'unknown'))`,
    ),
  };
}
