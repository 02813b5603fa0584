// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";

/** A row of `audit_entries`. */
export interface EntryRow {
  readonly number: number;
  readonly at_ms: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly sealed_details: Uint8Array;
  readonly previous_hash: Uint8Array;
  readonly hash: Uint8Array;
  readonly signature: Uint8Array;
}

/** The row of `audit_head`. */
export interface HeadRow {
  readonly entries: number;
  readonly hash: Uint8Array;
  readonly at_ms: number;
  readonly signature: Uint8Array;
  readonly public_key: Uint8Array;
  readonly sealed_private_key: Uint8Array;
}

const pageSize = 500;

export function readHead(database: Database): HeadRow | null {
  return database.query<HeadRow, []>("SELECT * FROM audit_head WHERE id = 1").get();
}

/** All entries in order, a page at a time, so that a long log needs little memory. */
export function* entriesInOrder(database: Database): Iterable<EntryRow> {
  const select = database.query<EntryRow, [number, number]>(
    "SELECT * FROM audit_entries WHERE number > ? ORDER BY number LIMIT ?",
  );
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = select.all(last, pageSize);
    yield* page;
    const end = page.at(-1);
    if (end === undefined || page.length < pageSize) return;
    last = end.number;
  }
}
