// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import type { BunSQLiteDatabase } from "drizzle-orm/bun-sqlite";

/**
 * The one database file of the box and its one writer. SQLite in WAL mode with `synchronous=FULL`
 * (`fullfsync` on macOS): a returned commit survives a power cut.
 */
export interface Storage extends Disposable {
  /** The path of the database file. */
  readonly path: string;
  /** Prepared statements for the hot path. */
  readonly database: Database;
  /** Typed queries for everything else. */
  readonly orm: BunSQLiteDatabase;
  /**
   * Runs `work` synchronously in one IMMEDIATE transaction and commits before it returns; rolls back when it throws.
   * Inside another transaction it is a savepoint of that one.
   */
  transaction<Result>(work: () => Result): Result;
  /**
   * Group commit: `work` runs in the one transaction that takes in all calls of this tick, and the promise resolves
   * after its COMMIT. When `work` throws, only its own changes are rolled back (savepoint) and only its own promise rejects.
   */
  groupCommit<Result>(work: () => Result): Promise<Result>;
  /**
   * Moves the WAL into the database file and empties it, so that what was overwritten (a destroyed key) stands in neither.
   * Not inside a transaction. A failure is the disk's, leaves the WAL as it was, and is told by the answer.
   */
  checkpoint(): boolean;
  /** Checkpoints the WAL and closes the file. Idempotent. */
  close(): void;
}
