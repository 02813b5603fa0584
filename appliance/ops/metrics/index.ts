// SPDX-License-Identifier: AGPL-3.0-only
export type { Activity, ActivityDeps, ActivityFacts, ActivityPoint } from "./create-activity.ts";
export { createActivity } from "./create-activity.ts";
export type { MetricsDeps } from "./create-metrics.ts";
export { createMetrics } from "./create-metrics.ts";
export type { Metrics, MetricsFacts, ObservedGenerationEvent, ObservedTurnEvent } from "./metrics-types.ts";
export type { ProcessFacts } from "./process-instruments.ts";
