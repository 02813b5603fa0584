// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { backOffMs } from "./back-off-ms.ts";

test("the pause doubles up to the maximum", () => {
  expect([1, 2, 3, 4, 5, 99].map((attempt) => backOffMs(attempt, 1_000, 10_000, () => 0.999_999))).toEqual([
    1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
  ]);
});

test("it is never below half of itself nor above the maximum, whatever the attempt", () => {
  const unit = fc.double({ min: 0, max: 0.999_999, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 1_000_000 }), unit, (attempt, random) => {
      const pauseMs = backOffMs(attempt, 1_000, 60_000, () => random);
      expect(pauseMs).toBeGreaterThanOrEqual(500);
      expect(pauseMs).toBeLessThanOrEqual(60_000);
    }),
  );
});
