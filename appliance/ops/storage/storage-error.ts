// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";

/** What this module throws. */
export type StorageErrorCode =
  | "data-folder-in-use"
  | "database-corrupt"
  | "database-too-new"
  | "database-unavailable"
  | "disk-full"
  | "migration-changed"
  | "migration-failed"
  | "storage-closed"
  | "storage-failed";

function codeOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
}

/** Names what SQLite or the file system reported, so that an operator knows what to do. */
export function toStorageError(thrown: unknown, path: string): HearthError {
  if (isHearthError(thrown)) return thrown;
  const sqliteCode = codeOf(thrown);
  const reported = thrown instanceof Error ? thrown.message : String(thrown);
  const details = { path, sqliteCode };
  if (isDiskFull(thrown)) {
    return new HearthError<StorageErrorCode>({
      code: "disk-full",
      message: `the disk of ${path} is full: nothing of this transaction was written (${reported})`,
      remedy: "Free space on that disk; what was acknowledged before is safe, and work goes on by itself.",
      details,
      cause: thrown,
    });
  }
  if (sqliteCode.startsWith("SQLITE_CORRUPT") || sqliteCode === "SQLITE_NOTADB")
    return corruptError(path, reported, thrown);
  if (
    sqliteCode.startsWith("SQLITE_BUSY") ||
    sqliteCode.startsWith("SQLITE_LOCKED") ||
    sqliteCode === "SQLITE_CANTOPEN"
  ) {
    return new HearthError<StorageErrorCode>({
      code: "database-unavailable",
      message: `the database ${path} cannot be used now: ${reported}`,
      remedy: "Check that the folder is there, belongs to this user, and that no other program holds the file.",
      details,
      cause: thrown,
    });
  }
  return new HearthError<StorageErrorCode>({
    code: "storage-failed",
    message: `the database ${path} reported: ${reported}`,
    remedy: "See the log of the operating system for disk errors, then start Hearth again.",
    details,
    cause: thrown,
  });
}

/** The error for a file whose pages do not hold together. */
export function corruptError(path: string, finding: string, cause?: unknown): HearthError {
  return new HearthError<StorageErrorCode>({
    code: "database-corrupt",
    message: `the database ${path} is damaged (${finding}); Hearth does not start on it, so that nothing is made worse`,
    remedy: `Keep ${path}, ${path}-wal and ${path}-shm aside as they are, put back a saved copy of the whole data folder (hearth.db together with master.key), and check the disk.`,
    details: { path, finding },
    cause,
  });
}

/** SQLite says FULL for its own writes, and an I/O error where the WAL index cannot grow. */
export function isDiskFull(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === "SQLITE_FULL" || code === "SQLITE_IOERR_SHMSIZE" || code === "ENOSPC" || code === "EDQUOT";
}

/** Whether SQLite or the disk failed, rather than the work that was asked for. */
export function isDatabaseFailure(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return (
    isDiskFull(thrown) ||
    code.startsWith("SQLITE_CORRUPT") ||
    code.startsWith("SQLITE_IOERR") ||
    code === "SQLITE_NOTADB" ||
    code.startsWith("SQLITE_BUSY") ||
    code === "SQLITE_READONLY" ||
    code === "SQLITE_NOMEM"
  );
}
