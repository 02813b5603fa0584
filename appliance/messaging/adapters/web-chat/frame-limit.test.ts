// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { manualClock } from "../../../../shared/testing/index.ts";
import { createFrameLimit } from "./frame-limit.ts";

test("a burst passes, then the rate holds, and the time to wait is told", () => {
  const clock = manualClock();
  const limit = createFrameLimit(clock, 10, 5);
  expect(Array.from({ length: 5 }, () => limit.take())).toEqual([0, 0, 0, 0, 0]);
  expect(limit.take()).toBe(100);
  clock.advance(100);
  expect(limit.take()).toBe(0);
  expect(limit.take()).toBe(100);
  clock.advance(60_000);
  expect(Array.from({ length: 6 }, () => limit.take() === 0)).toEqual([true, true, true, true, true, false]);
});
