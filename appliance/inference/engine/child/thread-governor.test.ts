// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import type { StepRecord } from "../../scheduler/index.ts";
import { seedOfToken } from "./sampler-config.ts";
import { createThreadGovernor } from "./thread-governor.ts";

function step(decodeMs: number, occupancy = 4): StepRecord {
  return { decodeTokens: occupancy, prefillTokens: 0, occupancy, queueDepth: 0, decodeMs, samplingMs: 0, ownMs: 0 };
}

function govern(measured: number) {
  const changes: number[] = [];
  const governor = createThreadGovernor(measured, (threads) => changes.push(threads));
  const run = (count: number, decodeMs: number, nowMs: number, occupancy?: number): void => {
    for (let index = 0; index < count; index++) governor.observe(step(decodeMs, occupancy), nowMs);
  };
  return { changes, governor, run };
}

describe("threads that stand in each other's way", () => {
  test("are halved when steps become far slower, and tried again after half a minute", () => {
    const { changes, governor, run } = govern(4);
    run(20, 5, 0);
    run(6, 400, 1000);
    expect(changes).toEqual([2]);
    run(6, 400, 2000);
    expect(governor.threads()).toBe(1);
    run(3, 12, 20_000);
    expect(changes).toEqual([2, 1]);
    run(1, 12, 33_000);
    expect(governor.threads()).toBe(4);
  });

  test("are left alone when a step is slow now and then, or because more streams decode", () => {
    const { changes, run } = govern(4);
    run(20, 5, 0);
    for (let round = 0; round < 10; round++) {
      run(5, 400, round);
      run(1, 5, round);
    }
    run(20, 60, 100, 16);
    expect(changes).toEqual([]);
  });

  test("one thread is never changed", () => {
    const { changes, run } = govern(1);
    run(5, 5, 0);
    run(50, 900, 1);
    expect(changes).toEqual([]);
  });
});

test("each token has a seed of its own, the same in every process", () => {
  const seeds = Array.from({ length: 1000 }, (_, index) => seedOfToken(42, index));
  expect(new Set(seeds).size).toBe(1000);
  expect(seedOfToken(42, 7)).toBe(seeds[7] ?? -1);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 0xffff_ffff)).toBe(true);
  expect(seedOfToken(43, 0)).not.toBe(seedOfToken(42, 0));
});
