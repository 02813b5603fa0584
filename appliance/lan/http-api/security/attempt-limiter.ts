// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";

/** Limits tries of one thing, by address and in all. */
export interface AttemptLimiter {
  /** Counts a try. */
  take(address: string): { readonly isAllowed: true } | { readonly isAllowed: false; readonly retryAfterMs: number };
  /** The try was right: it does not count. */
  giveBack(address: string): void;
}

/** How many tries a window has. */
export interface AttemptLimits {
  readonly windowMs: number;
  readonly perAddress: number;
  readonly inAll: number;
}

/** A limiter with fixed windows. Its memory is bounded by `inAll`: beyond it no address is looked at. */
export function createAttemptLimiter(clock: Clock, limits: AttemptLimits): AttemptLimiter {
  let windowStartMs = clock.monotonicMs();
  let total = 0;
  const counts = new Map<string, number>();
  return {
    take(address) {
      const nowMs = clock.monotonicMs();
      if (nowMs - windowStartMs >= limits.windowMs) {
        windowStartMs = nowMs;
        total = 0;
        counts.clear();
      }
      const count = counts.get(address) ?? 0;
      if (total >= limits.inAll || count >= limits.perAddress) {
        return { isAllowed: false, retryAfterMs: windowStartMs + limits.windowMs - nowMs };
      }
      total += 1;
      counts.set(address, count + 1);
      return { isAllowed: true };
    },
    giveBack(address) {
      total = Math.max(0, total - 1);
      counts.set(address, Math.max(0, (counts.get(address) ?? 0) - 1));
    },
  };
}
