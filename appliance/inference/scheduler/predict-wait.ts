// SPDX-License-Identifier: AGPL-3.0-only

/** What is known about the work before a new request. */
export interface Workload {
  /** Steps each running sequence still needs, as far as can be told. */
  readonly runningSteps: readonly number[];
  /** Steps each waiting request needs, in the order in which they will be admitted. */
  readonly waitingSteps: readonly number[];
  readonly sequences: number;
  /** Milliseconds of one step at full occupancy. */
  readonly stepMs: number;
}

/** Milliseconds until a request behind everything in `workload` gets a sequence. Pure: plays the slots forward. */
export function predictWaitMs(workload: Workload): number {
  const free = Array.from({ length: Math.max(0, workload.sequences - workload.runningSteps.length) }, () => 0);
  const ends = [...workload.runningSteps, ...free];
  for (const steps of workload.waitingSteps) {
    ends.sort((a, b) => a - b);
    ends[0] = (ends[0] ?? 0) + steps;
  }
  return Math.round(Math.min(...ends) * workload.stepMs);
}

/** Milliseconds until the first running sequence ends, which is when the queue has a place again. */
export function predictPlaceMs(workload: Workload): number {
  if (workload.runningSteps.length === 0) return 0;
  return Math.round(Math.min(...workload.runningSteps) * workload.stepMs);
}
