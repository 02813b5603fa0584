// SPDX-License-Identifier: AGPL-3.0-only

/** GCRA over the requests of one channel. */
export interface RequestLimit {
  /** 0 when the request may pass; otherwise in how many milliseconds one may. */
  take(): number;
}

/** Makes a {@link RequestLimit}: `perSecond` for long, ten times as many at once. */
export function createRequestLimit(nowMs: () => number, perSecond: number): RequestLimit {
  const spacingMs = 1_000 / perSecond;
  const toleranceMs = spacingMs * (perSecond * 10 - 1);
  let arrivalMs = 0;
  return {
    take() {
      const now = nowMs();
      // A wall clock that was set back must not lock the channel: no debt is longer than the burst.
      const earliestMs = Math.min(Math.max(arrivalMs, now), now + toleranceMs + spacingMs);
      const waitMs = earliestMs - now - toleranceMs;
      if (waitMs > 0) return waitMs;
      arrivalMs = earliestMs + spacingMs;
      return 0;
    },
  };
}
