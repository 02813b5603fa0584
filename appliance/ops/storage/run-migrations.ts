// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import { createHash } from "node:crypto";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Migration } from "./migrations/index.ts";
import { isDatabaseFailure, type StorageErrorCode, toStorageError } from "./storage-error.ts";

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Brings the schema up to the last step, each in a transaction of its own, so that a kill in the middle leaves the last
 * whole step. Steps that ran before must be the same text as then.
 */
export function runMigrations(
  database: Database,
  path: string,
  migrations: readonly Migration[],
  nowMs: () => number,
): void {
  database.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms INTEGER NOT NULL
  ) STRICT`);
  const applied = database
    .query<AppliedRow, []>("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
    .all();
  refuseNewer(applied, path, migrations.length);
  for (const row of applied) verify(row, migrations[row.number - 1], path);
  for (const migration of migrations.slice(applied.length)) apply(database, path, migration, nowMs());
}

/** SHA-256 of the text, with line ends normalised so that a checkout on another system does not look like a change. */
function checksumOf(migration: Migration): string {
  return createHash("sha256").update(migration.sql.replaceAll("\r\n", "\n")).digest("hex");
}

function refuseNewer(applied: readonly AppliedRow[], path: string, known: number): void {
  const newest = applied.at(-1);
  if (newest === undefined || newest.number <= known) return;
  throw new HearthError<StorageErrorCode>({
    code: "database-too-new",
    message: `the database ${path} was written by a newer Hearth (schema ${newest.number}, this version knows ${known})`,
    remedy: "Start the newer version again, or put back a backup that was made with this version.",
    details: { path, schema: newest.number, known },
  });
}

function verify(row: AppliedRow, migration: Migration | undefined, path: string): void {
  if (migration !== undefined && row.checksum === checksumOf(migration)) return;
  throw new HearthError<StorageErrorCode>({
    code: "migration-changed",
    message: `schema step ${row.number} (${row.name}) of ${path} is not the one that this version carries`,
    remedy: "Start the version that wrote this database, or put back a backup that was made with this version.",
    details: { path, number: row.number },
  });
}

function apply(database: Database, path: string, migration: Migration, appliedMs: number): void {
  try {
    database.exec("BEGIN IMMEDIATE");
    // A step of comments alone is an error to Bun, a step that ends in one is not.
    database.exec(`SELECT 1;\n${migration.sql}`);
    database
      .query("INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (?, ?, ?, ?)")
      .run(migration.number, migration.name, checksumOf(migration), appliedMs);
    database.exec("COMMIT");
  } catch (cause) {
    if (database.inTransaction) database.exec("ROLLBACK");
    if (isDatabaseFailure(cause)) throw toStorageError(cause, path);
    throw new HearthError<StorageErrorCode>({
      code: "migration-failed",
      message: `schema step ${migration.number} (${migration.name}) failed on ${path}: ${String(cause)}`,
      remedy: "Nothing of this step was kept. Start the version that was used before, and report this message.",
      details: { path, number: migration.number },
      cause,
    });
  }
}
