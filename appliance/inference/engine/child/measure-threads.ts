// SPDX-License-Identifier: AGPL-3.0-only
import type { NativeContext } from "../native-context.ts";

/** Which number of threads is fastest here, and what each candidate did. */
export interface ThreadMeasurement {
  readonly threads: number;
  /** Threads → score: the geometric mean of one stream's and many streams' tokens a second. */
  readonly rates: Readonly<Record<string, number>>;
}

const budgetMs = 250;
const minimumSteps = 2;
const maximumSteps = 24;

async function medianStepMs(context: NativeContext, sequences: number, limitMs: number): Promise<number> {
  const times: number[] = [];
  const began = performance.now();
  for (let step = 0; step < maximumSteps; step++) {
    const items = Array.from({ length: sequences }, (_, sequence) => ({
      sequence,
      position: step,
      tokens: [0],
      wantsLogits: true,
    }));
    const at = performance.now();
    await context.decode(items);
    times.push(performance.now() - at);
    if (times.length >= minimumSteps && performance.now() - began > limitMs) break;
  }
  for (let sequence = 0; sequence < sequences; sequence++) context.clear(sequence);
  // The first step warms caches and pages up.
  times.shift();
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 1;
}

/**
 * Measures decode steps of one stream and of many with each candidate, on the loaded model. llama.cpp's CPU back-end
 * makes a thread pool anew for each step: on small models or busy cores more threads can be a hundred times slower,
 * and no formula knows which. A candidate that is clearly worse ends the search, since more threads are worse still.
 */
export async function measureThreads(
  context: NativeContext,
  candidates: readonly number[],
  sequences: number,
): Promise<ThreadMeasurement> {
  const rates: Record<string, number> = {};
  const many = Math.min(8, sequences);
  const limitMs = budgetMs / Math.max(1, candidates.length) / 2;
  let best = { threads: candidates[0] ?? 1, rate: 0 };
  for (const threads of [...candidates].sort((a, b) => a - b)) {
    context.setThreads(threads);
    const one = 1000 / (await medianStepMs(context, 1, limitMs));
    const together = (many * 1000) / (await medianStepMs(context, many, limitMs));
    const rate = Math.sqrt(one * together);
    rates[String(threads)] = Math.round(rate);
    if (rate > best.rate) best = { threads, rate };
    else if (rate < best.rate * 0.6) break;
  }
  return { threads: best.threads, rates };
}
