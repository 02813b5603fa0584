// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { PrefixCache } from "../prefix-cache/index.ts";
import type { Workload } from "./predict-wait.ts";
import { createStepRates, type StepRates } from "./step-rates.ts";
import { createTenantShares, type TenantShares } from "./tenant-shares.ts";
import type { SequenceTask, StepBatchItem, StepContext, StepRecord } from "./types.ts";

export interface StepSchedulerDeps {
  readonly clock: Clock;
  readonly context: StepContext;
  readonly cache: PrefixCache;
  /** Called after each step, when every task has taken its token: the moment to publish. */
  readonly onStep: (record: StepRecord) => void;
}

export interface StepSchedulerOptions {
  readonly sequences: number;
  readonly batchTokens: number;
  readonly maxQueued: number;
  /** Waiting longer than this is refused at the door, milliseconds. */
  readonly maxWaitMs: number;
  /** Inter-token target while prompts are read, milliseconds. */
  readonly interTokenMs: number;
  /** Longest step while nobody decodes, milliseconds. */
  readonly prefillStepMs: number;
  readonly agingMs: number;
  /** A reader that takes nothing for this long is taken for gone, milliseconds. */
  readonly pausedLimitMs: number;
  /** Whether a prompt may wait for a prefix that another one is just reading, to copy it. */
  readonly canShare: boolean;
}

/** A task that has a sequence. */
export interface Running {
  readonly task: SequenceTask;
  readonly sequence: number;
  readonly admittedAtMs: number;
  pausedSinceMs: number | undefined;
  /** Taken out, perhaps while its tokens were being decoded. */
  isGone: boolean;
}

/** A task that waits for one. */
export interface Waiting {
  readonly id: string;
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  readonly queuedAtMs: number;
  readonly task: SequenceTask;
}

export interface RunningItem extends StepBatchItem {
  readonly entry: Running;
}

/** Everything of the scheduler that changes. */
export interface SchedulerState {
  readonly deps: StepSchedulerDeps;
  readonly options: StepSchedulerOptions;
  /** The context, with its calls timed for the watchdog. */
  readonly context: StepContext;
  readonly rates: StepRates;
  readonly shares: TenantShares;
  readonly running: Map<number, Running>;
  waiting: Waiting[];
  deficits: ReadonlyMap<string, number>;
  nativeCallSinceMs: number | undefined;
}

/** Runs a native call, noting since when. */
export async function timed<Value>(state: SchedulerState, call: () => Promise<Value>): Promise<Value> {
  state.nativeCallSinceMs = state.deps.clock.monotonicMs();
  try {
    return await call();
  } finally {
    state.nativeCallSinceMs = undefined;
  }
}

/** The state of a scheduler that has nothing to do. */
export function createSchedulerState(deps: StepSchedulerDeps, options: StepSchedulerOptions): SchedulerState {
  const { context } = deps;
  const state: SchedulerState = {
    deps,
    options,
    context: {
      decode: (items) => timed(state, () => context.decode(items)),
      copy: (source, target) => timed(state, () => context.copy(source, target)),
      trim: (sequence, length) => context.trim(sequence, length),
      clear: (sequence) => context.clear(sequence),
    },
    rates: createStepRates(),
    shares: createTenantShares(),
    running: new Map(),
    waiting: [],
    deficits: new Map(),
    nativeCallSinceMs: undefined,
  };
  return state;
}

/** Gives a sequence back; its cells stay for whoever begins with the same tokens. */
export function release(state: SchedulerState, entry: Running): void {
  entry.isGone = true;
  if (state.running.get(entry.sequence) === entry) state.running.delete(entry.sequence);
}

/** How many tokens two texts begin with in common. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

const prefillTokensAStep = 32;
const assumedStepMs = 50;

/** The work at hand, as predictions take it. */
export function workload(state: SchedulerState): Workload {
  const stepsOf = (task: SequenceTask, cached: number): number =>
    task.remainingTokens + Math.max(0, task.tokens.length - cached) / prefillTokensAStep;
  const { cache } = state.deps;
  return {
    runningSteps: [...state.running.values()].map((entry) => stepsOf(entry.task, cache.tokens(entry.sequence).length)),
    waitingSteps: state.waiting.map((entry) => stepsOf(entry.task, 0)),
    sequences: state.options.sequences,
    stepMs: state.rates.decodeStepMs() || assumedStepMs,
  };
}
