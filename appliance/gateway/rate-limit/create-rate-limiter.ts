// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { gcra } from "./gcra.ts";
import { defaultLimits, type Limit, type LimitName } from "./limits.ts";

/** One limit to hold and whose it is, such as `{limit: "sender", key: addressIndex}`. */
export interface RateDemand {
  readonly limit: LimitName;
  readonly key: string;
  /** How many events this is; default 1. */
  readonly cost?: number;
}

export type RateDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly limit: LimitName; readonly retryAfterMs: number };

export interface RateLimiter {
  /** Counts an event against all demands, or, when one of them refuses, against none. */
  take(...demands: readonly RateDemand[]): RateDecision;
  /** How many keys are remembered. */
  size(): number;
}

export interface RateLimiterOptions {
  readonly limits?: Partial<Readonly<Record<LimitName, Limit>>>;
  /** How many keys are remembered; the one unused for longest is forgotten first. Default 20,000 (about 3 MB). */
  readonly maxKeys?: number;
}

/** Limits in memory, by the monotonic clock. A restart forgets them, which is at most one burst more. */
export function createRateLimiter(clock: Pick<Clock, "monotonicMs">, options: RateLimiterOptions = {}): RateLimiter {
  const { maxKeys = 20_000 } = options;
  const limits: Readonly<Record<LimitName, Limit>> = { ...defaultLimits, ...options.limits };
  // Insertion order is the order of last use.
  const arrivals = new Map<string, number>();

  return {
    take(...demands) {
      const nowMs = clock.monotonicMs();
      const taken = new Map<string, number>();
      for (const { limit, key, cost = 1 } of demands) {
        const name = `${limit}:${key}`;
        const decision = gcra(limits[limit], taken.get(name) ?? arrivals.get(name), nowMs, cost);
        if (!decision.isAllowed) return { isAllowed: false, limit, retryAfterMs: decision.retryAfterMs };
        taken.set(name, decision.arrivalMs);
      }
      for (const [name, arrivalMs] of taken) {
        arrivals.delete(name);
        arrivals.set(name, arrivalMs);
      }
      for (const oldest of arrivals.keys()) {
        if (arrivals.size <= maxKeys) break;
        arrivals.delete(oldest);
      }
      return { isAllowed: true };
    },
    size: () => arrivals.size,
  };
}
