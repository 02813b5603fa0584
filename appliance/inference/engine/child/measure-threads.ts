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

/** What one series of steps may take. */
interface SeriesLimits {
  readonly totalMs: number;
  /** Two steps slower than this end the series: the candidate has lost. */
  readonly stepMs: number;
}

async function medianStepMs(context: NativeContext, sequences: number, limits: SeriesLimits): Promise<number> {
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
    const hasLost = times.filter((time) => time > limits.stepMs).length >= 2;
    if (hasLost || (times.length >= minimumSteps && performance.now() - began > limits.totalMs)) break;
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
  const totalMs = budgetMs / Math.max(1, candidates.length) / 2;
  let best = {
    threads: candidates[0] ?? 1,
    rate: 0,
    oneMs: Number.POSITIVE_INFINITY,
    manyMs: Number.POSITIVE_INFINITY,
  };
  for (const threads of [...candidates].sort((a, b) => a - b)) {
    context.setThreads(threads);
    const oneMs = await medianStepMs(context, 1, { totalMs, stepMs: best.oneMs * 4 });
    const hasLost = oneMs > best.oneMs * 4;
    const manyMs = hasLost ? oneMs * many : await medianStepMs(context, many, { totalMs, stepMs: best.manyMs * 4 });
    const rate = Math.sqrt((1000 / oneMs) * ((many * 1000) / manyMs));
    rates[String(threads)] = Math.round(rate);
    if (rate > best.rate) best = { threads, rate, oneMs, manyMs };
    else if (rate < best.rate * 0.6) break;
  }
  return { threads: best.threads, rates };
}
