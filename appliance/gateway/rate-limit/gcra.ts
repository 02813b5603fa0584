// SPDX-License-Identifier: AGPL-3.0-only
import type { Limit } from "./limits.ts";

/** What the algorithm says about one event. */
export type GcraDecision =
  | { readonly isAllowed: true; readonly arrivalMs: number }
  | { readonly isAllowed: false; readonly retryAfterMs: number };

/**
 * Generic cell rate algorithm (ITU-T I.371) in its virtual scheduling form: one number a key, the theoretical arrival
 * time of the next event. Pure; `arrivalMs` of the decision is what to store.
 */
export function gcra(limit: Limit, storedArrivalMs: number | undefined, nowMs: number, cost: number): GcraDecision {
  const intervalMs = limit.periodMs / limit.perPeriod;
  const startMs = Math.max(storedArrivalMs ?? nowMs, nowMs);
  // Written without adding and taking away the same interval, so that rounding never turns "now" into "later".
  const earliestMs = startMs + intervalMs * (cost - limit.burst);
  if (earliestMs <= nowMs) return { isAllowed: true, arrivalMs: startMs + intervalMs * cost };
  // More than the burst at once can never pass; say so with an endless wait rather than a lie.
  if (cost > limit.burst) return { isAllowed: false, retryAfterMs: Number.POSITIVE_INFINITY };
  return { isAllowed: false, retryAfterMs: Math.ceil(earliestMs - nowMs) };
}
