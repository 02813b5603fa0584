// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { acquireDataLock } from "./index.ts";

test("a data folder has one holder, and the second is told who it is", () => {
  using directory = temporaryDirectory();
  const first = acquireDataLock(directory.path, () => 1234);
  if (!first.isAcquired) throw new Error("the first one was refused");
  const second = acquireDataLock(directory.path);
  if (second.isAcquired) throw new Error("the second one was let in");
  expect(second.holder).toEqual({ pid: process.pid, sinceMs: 1234 });
  expect(second.error.code).toBe("data-folder-in-use");
  expect(second.error.message).toContain(String(process.pid));
  expect(statSync(join(directory.path, "hearth.lock")).mode & 0o777).toBe(0o600);
  // A refused try, and reading who holds it, must not have freed the lock.
  expect(acquireDataLock(directory.path).isAcquired).toBe(false);
  first.lock.release();
  first.lock.release();
  const third = acquireDataLock(directory.path);
  expect(third.isAcquired).toBe(true);
  if (third.isAcquired) third.lock.release();
});

test("locks of different folders have nothing to do with each other", () => {
  using one = temporaryDirectory();
  using other = temporaryDirectory();
  const first = acquireDataLock(one.path);
  const second = acquireDataLock(other.path);
  expect([first.isAcquired, second.isAcquired]).toEqual([true, true]);
  for (const result of [first, second]) if (result.isAcquired) result.lock.release();
});
