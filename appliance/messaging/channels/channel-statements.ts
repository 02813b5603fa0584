// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import type { ChannelPolicy } from "../../gateway/access-control/index.ts";
import type { ConnectionState } from "../protocol/index.ts";

/** What the database holds of a channel. */
export interface ChannelRow {
  readonly name: string;
  readonly kind: string;
  readonly policy: ChannelPolicy;
  readonly config: Uint8Array;
  readonly is_enabled: number;
  readonly status: ConnectionState["status"];
  readonly status_code: string | null;
  readonly status_message: Uint8Array | null;
}

const columns = "name, kind, policy, config, is_enabled, status, status_code, status_message";

/** The statements of the channel table, prepared once. */
export function channelStatements(database: Database) {
  return {
    list: database.query<ChannelRow, []>(`SELECT ${columns} FROM channels ORDER BY name`),
    find: database.query<ChannelRow, [string]>(`SELECT ${columns} FROM channels WHERE name = ?1`),
    policy: database.query<{ policy: ChannelPolicy }, [string]>("SELECT policy FROM channels WHERE name = ?1"),
    insert: database.query<unknown, [string, string, string, Uint8Array, number, number]>(
      `INSERT INTO channels (name, kind, policy, config, is_enabled, status_ms, created_ms, updated_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?6)`,
    ),
    update: database.query<unknown, [string, Uint8Array, number, number, string]>(
      "UPDATE channels SET policy = ?1, config = ?2, is_enabled = ?3, updated_ms = ?4 WHERE name = ?5",
    ),
    remove: database.query<unknown, [string]>("DELETE FROM channels WHERE name = ?1"),
    dropState: database.query<unknown, [string]>("DELETE FROM adapter_state WHERE channel = ?1"),
    giveUp: database.query<unknown, [number, string]>(
      `UPDATE outbox SET state = 'failed', code = 'channel-removed', updated_ms = ?1
       WHERE channel = ?2 AND state IN ('queued', 'sending', 'unknown')`,
    ),
    saveConnection: database.query<unknown, [string, string | null, Uint8Array | null, number, string]>(
      "UPDATE channels SET status = ?1, status_code = ?2, status_message = ?3, status_ms = ?4 WHERE name = ?5",
    ),
    pending: database.query<{ channel: string; count: number }, []>(
      `SELECT channel, count(*) AS count FROM outbox WHERE state IN ('queued', 'sending', 'unknown') GROUP BY channel`,
    ),
  };
}
