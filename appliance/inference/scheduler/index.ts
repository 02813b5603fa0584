// SPDX-License-Identifier: AGPL-3.0-only

export type { WaitingRequest } from "./pick-next.ts";
export { pickNext } from "./pick-next.ts";
export type { PlannedSequence, PlanState, StepBudget, StepItem, StepPlan } from "./plan-step.ts";
export { planStep } from "./plan-step.ts";
export type { Workload } from "./predict-wait.ts";
export { predictPlaceMs, predictWaitMs } from "./predict-wait.ts";
export type { StepSchedulerDeps, StepSchedulerOptions } from "./scheduler-state.ts";
export type { StepRates, StepTargets } from "./step-rates.ts";
export { createStepRates, prefillBudget } from "./step-rates.ts";
export type { StepScheduler } from "./step-scheduler.ts";
export { createStepScheduler } from "./step-scheduler.ts";
export { createTenantShares } from "./tenant-shares.ts";
export type {
  SchedulerSnapshot,
  SequenceTask,
  StepBatchItem,
  StepContext,
  StepRecord,
  SubmitResult,
  TaskOutcome,
} from "./types.ts";
