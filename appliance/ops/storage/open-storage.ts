// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { drizzle } from "drizzle-orm/bun-sqlite";
import { migrations as allMigrations, type Migration } from "./migrations/index.ts";
import { runMigrations } from "./run-migrations.ts";
import type { Storage } from "./storage.ts";
import { corruptError, isDatabaseFailure, toStorageError } from "./storage-error.ts";
import { createTransactor } from "./transactor.ts";

export interface OpenStorageOptions {
  /** The database file; made with mode 0600, its folder with 0700, when missing. */
  readonly path: string;
  /** Up to which size all pages are checked at every open. Default 64 MiB, about 0.2 s; larger files hold up the start. */
  readonly alwaysCheckBytes?: number;
  /** Up to which size all pages are checked after an end that was not clean. Default 512 MiB. */
  readonly uncleanCheckBytes?: number;
  /** The schema's steps; default: those of this version. */
  readonly migrations?: readonly Migration[];
  readonly nowMs?: () => number;
}

/**
 * Opens (or makes) the database of the box, checks it and brings its schema up to date.
 * @throws HearthError `database-corrupt`, `database-too-new`, `migration-changed`, `migration-failed`, `disk-full` or
 * `database-unavailable`.
 */
export function openStorage(options: OpenStorageOptions): Storage {
  const { path, migrations = allMigrations, nowMs = Date.now } = options;
  const { alwaysCheckBytes = 64 * 1024 * 1024, uncleanCheckBytes = 512 * 1024 * 1024 } = options;
  let database: Database | undefined;
  try {
    makePrivateFile(path);
    // A clean end leaves no WAL.
    const checkBytes = existsSync(`${path}-wal`) ? uncleanCheckBytes : alwaysCheckBytes;
    database = new Database(path, { readwrite: true, strict: true });
    configure(database);
    if (statSync(path).size <= checkBytes) checkPages(database, path);
    runMigrations(database, path, migrations, nowMs);
    for (const suffix of ["-wal", "-shm"]) if (existsSync(path + suffix)) chmodSync(path + suffix, 0o600);
  } catch (thrown) {
    database?.close();
    throw toStorageError(thrown, path);
  }
  return storageOf(database, path);
}

/** SQLite gives the WAL and its index the mode of the database, so the file is made with the right one first. */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

/** Everything that decides whether a commit survives a power cut, and that no temporary file is written. */
function configure(database: Database): void {
  database.exec("PRAGMA busy_timeout = 5000");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  // On macOS a plain fsync does not reach the disk's own cache; elsewhere these do nothing.
  database.exec("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
  database.exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
  database.exec("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST; PRAGMA cache_size = -8000");
}

function checkPages(database: Database, path: string): void {
  const findings = database.query<{ quick_check: string }, []>("PRAGMA quick_check(3)").all();
  const first = findings[0]?.quick_check ?? "no answer";
  if (first !== "ok") throw corruptError(path, first.replaceAll("\n", " "));
}

function storageOf(database: Database, path: string): Storage {
  const transactor = createTransactor(database, path);
  let isClosed = false;
  function checkpoint(): boolean {
    if (database.inTransaction) return false;
    try {
      // A reader of another process can hold some of the WAL back; the next checkpoint takes the rest.
      return database.query<{ busy: number }, []>("PRAGMA wal_checkpoint(TRUNCATE)").get()?.busy === 0;
    } catch (thrown) {
      // A full or failing disk: the WAL stays beside the file and is read at the next open. Nothing is lost.
      if (isDatabaseFailure(thrown)) return false;
      throw thrown;
    }
  }
  function close(): void {
    if (isClosed) return;
    transactor.end();
    isClosed = true;
    try {
      checkpoint();
    } finally {
      database.close();
    }
  }
  return {
    path,
    database,
    orm: drizzle({ client: database }),
    transaction: transactor.transaction,
    groupCommit: transactor.groupCommit,
    checkpoint,
    close,
    [Symbol.dispose]: close,
  };
}
