// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import { HearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Role } from "../access-control/index.ts";
import type { ValuePlace, Vault } from "../encryption/index.ts";
import type { ConsoleSession, ConsoleSessionId } from "./sign-in-types.ts";

/** A session with what its person is now. */
export interface SessionRow {
  readonly id: ConsoleSessionId;
  readonly person_id: PersonId;
  readonly role: Role;
  readonly blocked_ms: number | null;
  readonly sealed_label: Uint8Array;
  readonly created_ms: number;
  readonly seen_ms: number;
  readonly expires_ms: number;
}

export interface NewSession {
  readonly token: string;
  readonly person: PersonId;
  readonly label: string;
  readonly nowMs: number;
  readonly expiresMs: number;
}

/** Sessions at rest. Callers hold the transaction. */
export interface SessionTable {
  insert(session: NewSession): ConsoleSessionId;
  byToken(token: string): SessionRow | null;
  byId(id: ConsoleSessionId): SessionRow | null;
  /** Most recently seen first. */
  ofPerson(person: PersonId): readonly SessionRow[];
  opened(row: SessionRow | null): ConsoleSession;
  touch(id: ConsoleSessionId, seenMs: number, expiresMs: number): void;
  keepNewest(person: PersonId, count: number): void;
  remove(id: ConsoleSessionId): void;
  sweep(nowMs: number): void;
}

const selectFrom = `SELECT console_sessions.*, people.role, people.blocked_ms FROM console_sessions
  JOIN people ON people.id = console_sessions.person_id`;

export function createSessionTable(deps: {
  readonly database: Database;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
}): SessionTable {
  const { database, vault } = deps;
  const hashOf = (token: string): string => vault.blindIndex("console-session", token);
  const byToken = database.query<SessionRow, [string]>(`${selectFrom} WHERE token_hash = ?`);
  const byId = database.query<SessionRow, [string]>(`${selectFrom} WHERE console_sessions.id = ?`);
  const ofPerson = database.query<SessionRow, [string]>(
    `${selectFrom} WHERE person_id = ? ORDER BY console_sessions.seen_ms DESC, console_sessions.created_ms DESC, console_sessions.rowid DESC`,
  );
  return {
    insert({ token, person, label, nowMs, expiresMs }) {
      const id = `cs_${randomBytes(9).toString("hex")}` as ConsoleSessionId;
      database
        .query(
          `INSERT INTO console_sessions (id, token_hash, person_id, sealed_label, created_ms, seen_ms, expires_ms)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(id, hashOf(token), person, vault.seal(person, placeOf(id), label), nowMs, nowMs, expiresMs);
      return id;
    },
    byToken: (token) => byToken.get(hashOf(token)),
    byId: (id) => byId.get(id),
    ofPerson: (person) => ofPerson.all(person),
    opened(row) {
      if (row === null)
        throw new HearthError({ code: "session-missing", message: "the session is not there any more" });
      return {
        id: row.id,
        person: row.person_id,
        role: row.role,
        label: vault.open(row.person_id, placeOf(row.id), row.sealed_label),
        createdMs: row.created_ms,
        seenMs: row.seen_ms,
        expiresMs: row.expires_ms,
      };
    },
    touch: (id, seenMs, expiresMs) =>
      void database
        .query("UPDATE console_sessions SET seen_ms = ?, expires_ms = ? WHERE id = ?")
        .run(seenMs, expiresMs, id),
    keepNewest(person, count) {
      for (const row of ofPerson.all(person).slice(count)) {
        database.query("DELETE FROM console_sessions WHERE id = ?").run(row.id);
      }
    },
    remove: (id) => void database.query("DELETE FROM console_sessions WHERE id = ?").run(id),
    sweep: (nowMs) => void database.query("DELETE FROM console_sessions WHERE expires_ms <= ?").run(nowMs),
  };
}

function placeOf(id: ConsoleSessionId): ValuePlace {
  return { table: "console_sessions", row: id, column: "sealed_label" };
}
