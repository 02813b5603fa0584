// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { openStorage, type Storage } from "./index.ts";

const migrations = [{ number: 1, name: "notes", sql: "CREATE TABLE notes (n INTEGER PRIMARY KEY)" }];

function openNotes(): {
  readonly storage: Storage;
  readonly add: (n: number) => number;
  readonly all: () => number[];
} & Disposable {
  const directory = temporaryDirectory();
  const storage = openStorage({ path: join(directory.path, "notes.db"), migrations });
  storage.database.exec("PRAGMA synchronous = OFF");
  return {
    storage,
    add: (n) => {
      storage.database.query("INSERT INTO notes VALUES (?)").run(n);
      return n;
    },
    all: () =>
      storage.database
        .query<{ n: number }, []>("SELECT n FROM notes ORDER BY n")
        .all()
        .map((row) => row.n),
    [Symbol.dispose]() {
      storage.close();
      directory[Symbol.dispose]();
    },
  };
}

test("a transaction is kept whole or not at all", () => {
  using notes = openNotes();
  expect(notes.storage.transaction(() => notes.add(1))).toBe(1);
  const failing = () =>
    notes.storage.transaction(() => {
      notes.add(2);
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(notes.all()).toEqual([1]);
});

test("inside another one a transaction is a savepoint of it", () => {
  using notes = openNotes();
  notes.storage.transaction(() => {
    notes.add(1);
    expect(() =>
      notes.storage.transaction(() => {
        notes.add(2);
        throw new Error("inner");
      }),
    ).toThrow("inner");
    notes.storage.transaction(() => notes.add(3));
  });
  expect(notes.all()).toEqual([1, 3]);
  expect(() =>
    notes.storage.transaction(() => {
      notes.storage.transaction(() => notes.add(4));
      throw new Error("outer");
    }),
  ).toThrow("outer");
  expect(notes.all()).toEqual([1, 3]);
});

test("asynchronous work is refused, and leaves nothing", async () => {
  using notes = openNotes();
  const later = async (): Promise<void> => {
    notes.add(1);
  };
  expect(() => notes.storage.transaction(later)).toThrow("returned a promise");
  expect(notes.storage.groupCommit(later)).rejects.toThrow("returned a promise");
  await notes.storage.groupCommit(() => notes.add(2));
  expect(notes.all()).toEqual([2]);
});

test("group commit: one work that fails takes nothing from the others", async () => {
  using notes = openNotes();
  const results = await Promise.allSettled([
    notes.storage.groupCommit(() => notes.add(1)),
    notes.storage.groupCommit(() => {
      notes.add(2);
      throw new Error("mine alone");
    }),
    notes.storage.groupCommit(() => notes.storage.transaction(() => notes.add(3))),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(notes.all()).toEqual([1, 3]);
});

test("group commit: calls of one tick share one commit", async () => {
  using notes = openNotes();
  let commits = 0;
  const exec = notes.storage.database.exec.bind(notes.storage.database);
  notes.storage.database.exec = (sql: string) => {
    if (sql === "COMMIT") commits++;
    return exec(sql);
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => notes.storage.groupCommit(() => notes.add(n))));
  expect(commits).toBe(1);
  expect(notes.all()).toHaveLength(50);
});

test("closing commits what waits, and refuses what comes after", async () => {
  using notes = openNotes();
  const waiting = notes.storage.groupCommit(() => notes.add(1));
  notes.storage.close();
  expect(await waiting).toBe(1);
  expect(notes.storage.groupCommit(() => 2)).rejects.toThrow("is closed");
});

test("whatever mix of works succeeds and fails, the database holds exactly what was acknowledged", async () => {
  const work = fc.record({ isFailing: fc.boolean(), isNested: fc.boolean(), isLater: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 20 }), async (works) => {
      using notes = openNotes();
      const promises: Promise<number>[] = [];
      for (const [n, { isFailing, isNested, isLater }] of works.entries()) {
        const body = (): number => {
          notes.add(n);
          if (isFailing) throw new Error("no");
          return n;
        };
        promises.push(notes.storage.groupCommit(isNested ? () => notes.storage.transaction(body) : body));
        if (isLater) await Promise.allSettled(promises);
      }
      const results = await Promise.allSettled(promises);
      expect(notes.all()).toEqual(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
    }),
    { numRuns: 15 },
  );
});
