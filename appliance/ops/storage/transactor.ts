// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import { HearthError } from "../../../shared/errors/index.ts";
import { isDatabaseFailure, isDiskFull, type StorageErrorCode, toStorageError } from "./storage-error.ts";

/**
 * The only code that begins and ends transactions on the one connection.
 *
 * What must stay true: a promise of `groupCommit` resolves after the COMMIT that holds its work, and never otherwise;
 * work that throws leaves no change behind; SQLite may roll back a whole transaction by itself (disk full, I/O error),
 * and then every work of that transaction fails.
 */
export interface Transactor {
  transaction<Result>(work: () => Result): Result;
  groupCommit<Result>(work: () => Result): Promise<Result>;
  /** Commits what waits, then takes nothing more. */
  end(): void;
}

interface Waiting {
  /** Runs the work in its savepoint; returns what to call after the COMMIT. */
  readonly run: () => () => void;
  readonly reject: (reason: unknown) => void;
}

export function createTransactor(database: Database, path: string): Transactor {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let isEnded = false;

  function refuseWhenEnded(): void {
    if (!isEnded) return;
    throw new HearthError<StorageErrorCode>({ code: "storage-closed", message: `the database ${path} is closed` });
  }

  function named(thrown: unknown): unknown {
    if (isDiskFull(thrown) && !database.inTransaction) giveSpaceBack();
    return isDatabaseFailure(thrown) ? toStorageError(thrown, path) : thrown;
  }

  /** The WAL may be what fills the disk: moved into the database file, its space serves the next transaction. */
  function giveSpaceBack(): void {
    try {
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (thrown) {
      // There is no room for that either; the WAL stays as it is, and the next failure tries again.
      if (!isDatabaseFailure(thrown)) throw thrown;
    }
  }

  function savepoint<Result>(work: () => Result): Result {
    database.exec("SAVEPOINT step");
    try {
      const result = synchronous(work());
      database.exec("RELEASE step");
      return result;
    } catch (thrown) {
      // After a failure of the disk SQLite may have ended the transaction, and the savepoint with it.
      if (database.inTransaction) database.exec("ROLLBACK TO step; RELEASE step");
      throw thrown;
    }
  }

  function transaction<Result>(work: () => Result): Result {
    refuseWhenEnded();
    try {
      if (database.inTransaction) return savepoint(work);
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = synchronous(work());
        database.exec("COMMIT");
        return result;
      } catch (thrown) {
        if (database.inTransaction) database.exec("ROLLBACK");
        throw thrown;
      }
    } catch (thrown) {
      throw named(thrown);
    }
  }

  function flush(): void {
    isScheduled = false;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      database.exec("BEGIN IMMEDIATE");
      for (const one of batch) {
        try {
          settle.push(savepoint(one.run));
        } catch (thrown) {
          if (!database.inTransaction) throw thrown;
          settle.push(() => one.reject(named(thrown)));
        }
      }
      database.exec("COMMIT");
    } catch (thrown) {
      if (database.inTransaction) database.exec("ROLLBACK");
      const reason = named(thrown);
      for (const one of batch) one.reject(reason);
      return;
    }
    for (const one of settle) one();
  }

  return {
    transaction,
    groupCommit<Result>(work: () => Result): Promise<Result> {
      return new Promise<Result>((resolve, reject) => {
        refuseWhenEnded();
        waiting.push({
          run: () => {
            const result = synchronous(work());
            return () => resolve(result);
          },
          reject,
        });
        if (isScheduled) return;
        isScheduled = true;
        // After the I/O callbacks of this tick: what arrived together is committed together.
        setImmediate(flush);
      });
    },
    end() {
      if (isEnded) return;
      flush();
      isEnded = true;
    },
  };
}

/** What an asynchronous work would do after the COMMIT is not in the transaction: such work is a bug, and kept from it. */
function synchronous<Result>(result: Result): Result {
  if (!(result instanceof Promise)) return result;
  // Its own failure, if any, is of no interest beside this one.
  result.catch(() => undefined);
  throw new HearthError<StorageErrorCode>({
    code: "storage-failed",
    message: "the work of a transaction returned a promise; it must be done when it returns",
  });
}
