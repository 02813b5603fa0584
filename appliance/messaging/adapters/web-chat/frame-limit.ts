// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";

/** GCRA for one socket: a rate that may be kept up, and a burst. */
export interface FrameLimit {
  /** 0 when the frame may pass; otherwise in how many milliseconds it might. */
  take(): number;
}

/** Makes a {@link FrameLimit} of `perSecond` with `burst` at once. */
export function createFrameLimit(clock: Pick<Clock, "monotonicMs">, perSecond: number, burst: number): FrameLimit {
  const spacingMs = 1_000 / perSecond;
  let arrivalMs = Number.NEGATIVE_INFINITY;
  return {
    take() {
      const nowMs = clock.monotonicMs();
      const earliestMs = Math.max(arrivalMs, nowMs);
      const waitMs = earliestMs - nowMs - spacingMs * (burst - 1);
      if (waitMs > 0) return Math.ceil(waitMs);
      arrivalMs = earliestMs + spacingMs;
      return 0;
    },
  };
}
