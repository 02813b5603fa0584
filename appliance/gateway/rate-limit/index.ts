// SPDX-License-Identifier: AGPL-3.0-only
export type { RateDecision, RateDemand, RateLimiter, RateLimiterOptions } from "./create-rate-limiter.ts";
export { createRateLimiter } from "./create-rate-limiter.ts";
export type { GcraDecision } from "./gcra.ts";
export { gcra } from "./gcra.ts";
export type { Limit, LimitName } from "./limits.ts";
export { defaultLimits } from "./limits.ts";
