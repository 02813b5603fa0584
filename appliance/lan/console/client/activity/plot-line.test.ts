// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ActivityPoint } from "../../../http-api/index.ts";
import { mergePoints, shownMs } from "./merge-points.ts";
import { niceCeiling, plotLine } from "./plot-line.ts";

const frame = { fromMs: 0, toMs: 100, ceiling: 10, width: 100, height: 50 };

function point(atMs: number): ActivityPoint {
  return {
    atMs,
    decodeTokensPerSecond: 1,
    prefillTokensPerSecond: 1,
    timeToFirstTokenP50Ms: null,
    timeToFirstTokenP95Ms: null,
    queued: 0,
    running: 0,
    memoryBytes: 1,
    engineMemoryBytes: 1,
  };
}

describe("a curve", () => {
  test("has 0 at the bottom and the ceiling at the top", () => {
    const points = [
      { atMs: 0, value: 0 },
      { atMs: 100, value: 10 },
    ];
    expect(plotLine(points, frame)).toEqual({ line: "M0 50L100 0", dots: "", area: "M0 50L0 50L100 0L100 50Z" });
  });

  test("is broken where nothing was measured, and a lone point is a dot without an area", () => {
    const points = [
      { atMs: 0, value: 5 },
      { atMs: 50, value: null },
      { atMs: 60, value: 5 },
      { atMs: 70, value: 5 },
    ];
    expect(plotLine(points, frame)).toEqual({
      line: "M60 25L70 25",
      dots: "M0 25L0 25",
      area: "M60 50L60 25L70 25L70 50Z",
    });
  });

  test("leaves out what is not in the frame", () => {
    expect(plotLine([{ atMs: -1, value: 5 }], frame).line).toBe("");
  });

  test("gets a scale that ends at 1, 2 or 5 times a power of ten, less than 2.5 times its peak", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (peak) => {
        const ceiling = niceCeiling(peak);
        expect(ceiling).toBeGreaterThanOrEqual(peak * (1 - 1e-6));
        expect(ceiling).toBeLessThanOrEqual(peak * 2.5 * (1 + 1e-6));
      }),
    );
    expect([0, 0.7, 3, 8, 120].map(niceCeiling)).toEqual([1, 1, 5, 10, 200]);
  });
});

describe("points of activity", () => {
  test("are joined by time, each once, however they overlap", () => {
    const merged = mergePoints([point(2), point(4)], [point(4), point(6), point(2)]);
    expect(merged.map(({ atMs }) => atMs)).toEqual([2, 4, 6]);
  });

  test("older than what is shown are let go", () => {
    const merged = mergePoints([point(0), point(2000)], [point(shownMs + 1000)]);
    expect(merged.map(({ atMs }) => atMs)).toEqual([2000, shownMs + 1000]);
  });
});
