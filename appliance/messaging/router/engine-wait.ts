// SPDX-License-Identifier: AGPL-3.0-only

const codes: readonly string[] = ["engine-unavailable", "model-unavailable", "queue-full"];
const shortestWaitMs = 500;
const longestWaitMs = 5_000;
const longestHintMs = 60_000;

/** Whether a turn failed because there was nobody to answer it. That says nothing about the message, so it waits. */
export function isEngineAway(code: string): boolean {
  return codes.includes(code);
}

/**
 * How long a message waits before the engine is asked again, when it has waited `waitedMs` so far: as long again, between
 * half a second and five, and of that a random half (`random` is uniform in [0, 1)). A full queue's own time is kept, up
 * to a minute.
 */
export function engineWaitMs(waitedMs: number, hintMs: number | undefined, random: () => number): number {
  if (hintMs !== undefined) return Math.min(Math.max(hintMs, 1), longestHintMs);
  const fullMs = Math.min(Math.max(waitedMs, shortestWaitMs), longestWaitMs);
  return Math.round(fullMs / 2 + (fullMs / 2) * random());
}
