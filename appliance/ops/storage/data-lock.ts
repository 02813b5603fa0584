// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import { type StorageErrorCode, toStorageError } from "./storage-error.ts";

/** The right to write into one data folder, held by one process at a time. */
export interface DataLock extends Disposable {
  /** Idempotent; the end of the process, however it comes, does the same. */
  release(): void;
}

/** Who holds a data folder; null when its note cannot be read (it has begun, or ended, this moment). */
export type DataLockHolder = { readonly pid: number; readonly sinceMs: number } | null;

export type DataLockResult =
  | { readonly isAcquired: true; readonly lock: DataLock }
  | { readonly isAcquired: false; readonly holder: DataLockHolder; readonly error: HearthError };

const holderSchema = z.object({ pid: z.number().int(), sinceMs: z.number() });

/**
 * Takes the lock of a data folder or says who has it.
 *
 * Protocol: `hearth.lock` is an empty SQLite file on which the holder keeps an exclusive transaction open. That is an
 * fcntl lock of the process: the kernel frees it when the process ends, by kill -9 too; children do not inherit it; and
 * SQLite refuses a second one inside the same process as well. `hearth.lock` must never be opened by other means in the
 * holding process (closing any handle would free an fcntl lock), so who holds it is written beside it, in `hearth.pid`.
 */
export function acquireDataLock(home: string, nowMs: () => number = Date.now): DataLockResult {
  const lockPath = join(home, "hearth.lock");
  const holderPath = join(home, "hearth.pid");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const database = openLockFile(lockPath);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (thrown) {
    database.close();
    if (!isBusy(thrown)) throw toStorageError(thrown, lockPath);
    const holder = readHolder(holderPath);
    return { isAcquired: false, holder, error: inUse(home, holder) };
  }
  writeFileSync(holderPath, JSON.stringify({ pid: process.pid, sinceMs: nowMs() }), { mode: 0o600 });
  let isHeld = true;
  const release = (): void => {
    if (!isHeld) return;
    isHeld = false;
    process.off("exit", release);
    rmSync(holderPath, { force: true });
    database.close();
  };
  // The listener also keeps the handle reachable: a database that is collected as garbage closes, and frees the lock.
  process.once("exit", release);
  return { isAcquired: true, lock: { release, [Symbol.dispose]: release } };
}

function openLockFile(path: string): Database {
  try {
    // Only its maker may open it by hand, and only while nobody in this process can hold it: "wx" fails otherwise.
    closeSync(openSync(path, "wx", 0o600));
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw toStorageError(thrown, path);
    chmodSync(path, 0o600);
  }
  return new Database(path, { readwrite: true });
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("SQLITE_BUSY");
}

function readHolder(path: string): DataLockHolder {
  try {
    return parseJson(readFileSync(path, "utf8"), holderSchema, path);
  } catch {
    // The note is a courtesy: without it the lock is still held, only by whom is not known.
    return null;
  }
}

function inUse(home: string, holder: DataLockHolder): HearthError {
  const by = holder === null ? "another process" : `process ${holder.pid}`;
  return new HearthError<StorageErrorCode>({
    code: "data-folder-in-use",
    message: `the data folder ${home} is in use by ${by}; two appliances on one folder would lose messages`,
    remedy: "Stop the other one (`hearth status` shows it), or start this one with another HEARTH_HOME.",
    details: { home, pid: holder?.pid ?? null },
  });
}
