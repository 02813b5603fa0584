// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";

/** What the database holds of a waiting row. */
export interface WaitingRow {
  readonly id: string;
  readonly channel: string;
  readonly lane_index: string;
  readonly conversation_index: string;
  readonly is_immediate: number;
  readonly not_before_ms: number;
}

/** What the database holds of a row that is looked at by its id. */
export interface StateRow {
  readonly state: string;
  readonly owner: string;
  readonly reason: string | null;
  readonly outcome: Uint8Array | null;
}

/** What leasing a row returns. */
export interface LeasedRow {
  readonly channel: string;
  readonly attempts: number;
  readonly received_ms: number;
  readonly owner: string;
  readonly role: string | null;
  readonly event: Uint8Array;
}

/** The statements of the inbox, prepared once. */
export function inboxStatements(database: Database) {
  return {
    takeEpoch: database.query<{ epoch: number }, []>("UPDATE messaging_epoch SET epoch = epoch + 1 RETURNING epoch"),
    currentEpoch: database.query<{ epoch: number }, []>("SELECT epoch FROM messaging_epoch"),
    recover: database.query<unknown, []>(
      "UPDATE inbox SET state = 'new', owner_epoch = NULL, lease_until_ms = NULL WHERE state = 'leased'",
    ),
    waiting: database.query<WaitingRow, []>(
      `SELECT id, channel, lane_index, conversation_index, is_immediate, not_before_ms
       FROM inbox WHERE state IN ('new', 'leased') ORDER BY sequence`,
    ),
    findEvent: database.query<{ id: string }, [string, string]>(
      "SELECT id FROM inbox WHERE channel = ?1 AND event_index = ?2",
    ),
    findTombstone: database.query<{ id: string }, [string, string]>(
      "SELECT inbox_id AS id FROM inbox_tombstones WHERE channel = ?1 AND event_index = ?2",
    ),
    insert: database.query<unknown, [string, string, string, string, string, number, Uint8Array, number]>(
      `INSERT INTO inbox (id, channel, event_index, lane_index, conversation_index, is_immediate, state, owner, event, received_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'new', 'system', ?7, ?8)`,
    ),
    lease: database.query<LeasedRow, [number, number, string]>(
      `UPDATE inbox SET state = 'leased', owner_epoch = ?1, lease_until_ms = ?2, attempts = attempts + 1
       WHERE id = ?3 AND (state = 'new' OR (state = 'leased' AND owner_epoch = ?1))
         AND ?1 = (SELECT epoch FROM messaging_epoch)
       RETURNING channel, attempts, received_ms, owner, role, event`,
    ),
    decide: database.query<unknown, [string, string, string, Uint8Array, string]>(
      "UPDATE inbox SET owner = ?1, role = ?2, reason = ?3, event = ?4 WHERE id = ?5",
    ),
    renew: database.query<unknown, [number, string, number, number]>(
      "UPDATE inbox SET lease_until_ms = ?1 WHERE id = ?2 AND state = 'leased' AND owner_epoch = ?3 AND attempts = ?4",
    ),
    finish: database.query<unknown, [string, string, Uint8Array | null, number, string, number, number]>(
      `UPDATE inbox SET state = ?1, reason = ?2, outcome = ?3, finished_ms = ?4, owner_epoch = NULL, lease_until_ms = NULL,
         event = CASE WHEN ?1 = 'dead' THEN event END
       WHERE id = ?5 AND state = 'leased' AND owner_epoch = ?6 AND attempts = ?7`,
    ),
    putBack: database.query<unknown, [number, number, string, number, number]>(
      `UPDATE inbox SET state = 'new', owner_epoch = NULL, lease_until_ms = NULL, not_before_ms = ?1, attempts = attempts - ?2
       WHERE id = ?3 AND state = 'leased' AND owner_epoch = ?4 AND attempts = ?5`,
    ),
    cancelWaiting: database.query<unknown, [number, string]>(
      `UPDATE inbox SET state = 'done', reason = 'cancelled', event = NULL, finished_ms = ?1
       WHERE id = ?2 AND state = 'new'`,
    ),
    abandon: database.query<unknown, [string, number, string]>(
      `UPDATE inbox SET state = 'dead', reason = ?1, finished_ms = ?2, owner_epoch = NULL, lease_until_ms = NULL
       WHERE id = ?3 AND state IN ('new', 'leased')`,
    ),
    dead: database.query<{ channel: string; owner: string; event: Uint8Array }, [string]>(
      "SELECT channel, owner, event FROM inbox WHERE id = ?1 AND state = 'dead' AND event IS NOT NULL",
    ),
    retire: database.query<unknown, [string]>(
      "UPDATE inbox SET state = 'done', reason = 'retried', event = NULL WHERE id = ?1 AND state = 'dead'",
    ),
    state: database.query<StateRow, [string]>("SELECT state, owner, reason, outcome FROM inbox WHERE id = ?1"),
    bury: database.query<unknown, [number, number]>(
      `INSERT OR IGNORE INTO inbox_tombstones (channel, event_index, inbox_id, seen_ms)
       SELECT channel, event_index, id, received_ms FROM inbox
       WHERE (finished_ms <= ?1 AND state <> 'dead') OR finished_ms <= ?2`,
    ),
    clear: database.query<unknown, [number, number]>(
      "DELETE FROM inbox WHERE (finished_ms <= ?1 AND state <> 'dead') OR finished_ms <= ?2",
    ),
    forget: database.query<unknown, [number]>("DELETE FROM inbox_tombstones WHERE seen_ms <= ?1"),
  };
}
