// SPDX-License-Identifier: AGPL-3.0-only
import type { StepRecord } from "../../scheduler/index.ts";

/** Watches the speed of steps and takes threads away when they stand in each other's way. */
export interface ThreadGovernor {
  /** After each step, before the next: the moment at which the number of threads may change. */
  observe(step: StepRecord, nowMs: number): void;
  threads(): number;
}

/** This much slower than the best seen with as many streams is not noise. */
const slowFactor = 4;
const slowestIgnoredMs = 10;
const slowSteps = 6;
const retryMs = 30_000;

/**
 * llama.cpp's threads wait for each other by spinning. When another program takes one of their cores, a step with two
 * threads can become a hundred times slower, where one thread would only become a little slower. So: after several
 * steps that are far slower than they were, halve the threads; after half a minute, try the measured number again.
 */
export function createThreadGovernor(measured: number, setThreads: (threads: number) => void): ThreadGovernor {
  /** Best step with the measured threads, by the power of two that the occupancy reaches. */
  const best = new Map<number, number>();
  let threads = measured;
  let slow = 0;
  let loweredMs = 0;
  const change = (to: number, nowMs: number): void => {
    threads = to;
    slow = 0;
    loweredMs = nowMs;
    setThreads(to);
  };
  return {
    observe({ decodeMs, decodeTokens, occupancy, prefillTokens }, nowMs) {
      if (measured === 1) return;
      if (threads < measured && nowMs - loweredMs > retryMs) return change(measured, nowMs);
      if (prefillTokens > 0 || decodeTokens === 0) return;
      const bucket = Math.ceil(Math.log2(occupancy));
      const known = best.get(bucket) ?? Number.POSITIVE_INFINITY;
      if (threads === measured) best.set(bucket, Math.min(decodeMs, known));
      const isSlow = decodeMs > slowestIgnoredMs && decodeMs > known * slowFactor;
      slow = isSlow ? slow + 1 : 0;
      if (slow >= slowSteps && threads > 1) change(Math.max(1, Math.floor(threads / 2)), nowMs);
    },
    threads: () => threads,
  };
}
