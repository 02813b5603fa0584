// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import { randomBytes } from "node:crypto";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Vault } from "../encryption/index.ts";

export type LinkUse =
  | { readonly ok: true; readonly person: PersonId }
  | { readonly ok: false; readonly reason: "link-unknown" | "link-expired" | "link-used" | "person-blocked" };

interface LinkRow {
  readonly expires_ms: number;
  readonly used_ms: number | null;
  readonly blocked_ms: number | null;
}

/** One-time links at rest. */
export interface Links {
  /** Returns the token. */
  insert(person: PersonId, nowMs: number, expiresMs: number): string;
  use(token: string, nowMs: number): LinkUse;
  /** Deletes a person's links that nobody has used. */
  removeOf(person: PersonId): void;
  /** Deletes what ended before. */
  sweep(endedBeforeMs: number): void;
}

export function createLinks(deps: { readonly database: Database; readonly vault: Pick<Vault, "blindIndex"> }): Links {
  const { database } = deps;
  const hashOf = (token: string): string => deps.vault.blindIndex("sign-in-link", token);
  return {
    insert(person, nowMs, expiresMs) {
      const token = randomBytes(32).toString("base64url");
      database
        .query("INSERT INTO sign_in_links (token_hash, person_id, created_ms, expires_ms) VALUES (?, ?, ?, ?)")
        .run(hashOf(token), person, nowMs, expiresMs);
      return token;
    },
    use(token, nowMs) {
      const hash = hashOf(token);
      // One statement looks and takes, so that of many at once (processes too) exactly one gets a row back.
      const taken = database
        .query<{ person_id: PersonId }, [number, string, number]>(
          `UPDATE sign_in_links SET used_ms = ? WHERE token_hash = ? AND used_ms IS NULL AND expires_ms > ?
             AND person_id IN (SELECT id FROM people WHERE blocked_ms IS NULL) RETURNING person_id`,
        )
        .get(nowMs, hash, nowMs);
      if (taken !== null) return { ok: true, person: taken.person_id };
      const row = database
        .query<LinkRow, [string]>(
          `SELECT expires_ms, used_ms, blocked_ms FROM sign_in_links JOIN people ON people.id = person_id
           WHERE token_hash = ?`,
        )
        .get(hash);
      if (row === null) return { ok: false, reason: "link-unknown" };
      if (row.used_ms !== null) return { ok: false, reason: "link-used" };
      return { ok: false, reason: row.blocked_ms === null ? "link-expired" : "person-blocked" };
    },
    removeOf: (person) =>
      void database.query("DELETE FROM sign_in_links WHERE person_id = ? AND used_ms IS NULL").run(person),
    sweep: (endedBeforeMs) =>
      void database
        .query("DELETE FROM sign_in_links WHERE expires_ms <= ? OR used_ms <= ?")
        .run(endedBeforeMs, endedBeforeMs),
  };
}
