// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../clock/index.ts";

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /** Moves time on by `ms` and runs the timers that fall due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an administrator or NTP would; timers do not move. */
  setWallClock(nowMs: number): void;
}

/** A {@link ManualClock} that begins at `startMs` (default: 2026-01-01 UTC). */
export function manualClock(startMs = 1_767_225_600_000): ManualClock {
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  let timers: { dueMs: number; callback: () => void }[] = [];
  const after: Clock["after"] = (delayMs, callback) => {
    const timer = { dueMs: elapsedMs + delayMs, callback };
    timers.push(timer);
    return {
      cancel: () => {
        timers = timers.filter((other) => other !== timer);
      },
    };
  };
  return {
    now: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after,
    sleep(delayMs, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const timer = after(delayMs, resolve);
        signal?.addEventListener(
          "abort",
          () => {
            timer.cancel();
            resolve();
          },
          { once: true },
        );
      });
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        elapsedMs = next.dueMs;
        next.callback();
      }
      elapsedMs = endMs;
    },
    setWallClock(nowMs) {
      wallOffsetMs = nowMs - elapsedMs;
    },
  };
}
