// SPDX-License-Identifier: AGPL-3.0-only
import type { Storage } from "../../ops/storage/index.ts";
import type { TurnRow } from "./turn-row.ts";

/** A session as the store reads it on the way of a message. */
export interface OpenSessionRow {
  readonly id: string;
  readonly history_from: number;
}

/** The statements of the hot path; SQLite keeps them prepared. */
export function sessionStatements({ database }: Pick<Storage, "database">) {
  return {
    openSession: database.query<OpenSessionRow, [string]>(
      "SELECT id, history_from FROM agent_session WHERE lookup = ? AND closed_ms IS NULL",
    ),
    sessionById: database.query<OpenSessionRow, [string]>("SELECT id, history_from FROM agent_session WHERE id = ?"),
    insertSession: database.query<null, [string, string, string, Uint8Array, string, number, number]>(
      `INSERT INTO agent_session (id, person, channel, conversation, lookup, created_ms, last_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    touchSession: database.query<null, [number, string]>(
      "UPDATE agent_session SET last_ms = max(last_ms, ?) WHERE id = ?",
    ),
    closeSession: database.query<null, [number, string]>(
      "UPDATE agent_session SET closed_ms = ? WHERE id = ? AND closed_ms IS NULL",
    ),
    moveBorder: database.query<null, [number, string]>(
      "UPDATE agent_session SET history_from = max(history_from, ?) WHERE id = ?",
    ),
    turnByInbox: database.query<TurnRow, [string]>("SELECT * FROM agent_turn WHERE inbox_id = ?"),
    nextNumber: database.query<{ next: number }, [string]>(
      "SELECT coalesce(max(number), 0) + 1 AS next FROM agent_turn WHERE session = ?",
    ),
    insertTurn: database.query<null, [string, string, number, string, string, Uint8Array, number]>(
      `INSERT INTO agent_turn (id, session, number, person, inbox_id, state, question, started_ms)
       VALUES (?, ?, ?, ?, ?, 'running', ?, ?)`,
    ),
    restartTurn: database.query<null, [Uint8Array, number, string]>(
      "UPDATE agent_turn SET question = ?, started_ms = ? WHERE id = ? AND state = 'running'",
    ),
    endTurn: database.query<
      null,
      [
        string,
        string,
        number,
        Uint8Array | null,
        Uint8Array,
        Uint8Array,
        string | null,
        number,
        number,
        number,
        number,
        string,
      ]
    >(
      `UPDATE agent_turn SET state = ?, reason = ?, is_history = ?, shown = ?, reply = ?, sources = ?, model = ?,
         prompt_tokens = ?, cached_tokens = ?, completion_tokens = ?, ended_ms = ?
       WHERE id = ? AND state = 'running'`,
    ),
    /** Newest first, so that a limit keeps the newest. */
    history: database.query<TurnRow, [string, number, number, number]>(
      `SELECT * FROM agent_turn WHERE session = ? AND number >= ? AND number < ? AND is_history = 1
       ORDER BY number DESC LIMIT ?`,
    ),
    lastQuestion: database.query<TurnRow, [string]>(
      `SELECT t.* FROM agent_turn t JOIN agent_session s ON t.session = s.id
       WHERE s.person = ? AND t.state = 'ended' AND t.reason <> 'command'
       ORDER BY s.last_ms DESC, t.number DESC LIMIT 1`,
    ),
    language: database.query<{ language: string | null }, [string]>(
      "SELECT language FROM agent_person WHERE person = ?",
    ),
    setLanguage: database.query<null, [string, string | null]>(
      "INSERT INTO agent_person (person, language) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET language = excluded.language",
    ),
  };
}
