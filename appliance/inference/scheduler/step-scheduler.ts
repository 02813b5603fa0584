// SPDX-License-Identifier: AGPL-3.0-only
import { admitTasks } from "./admit-tasks.ts";
import { expireTasks } from "./expire-tasks.ts";
import { predictPlaceMs, predictWaitMs } from "./predict-wait.ts";
import {
  createSchedulerState,
  release,
  type SchedulerState,
  type StepSchedulerDeps,
  type StepSchedulerOptions,
  workload,
} from "./scheduler-state.ts";
import { gatherStep, takeStep } from "./take-step.ts";
import type { SchedulerSnapshot, SequenceTask, SubmitResult } from "./types.ts";

/** Owns the batch: admits, plans, decodes, samples, publishes, one step after the other. */
export interface StepScheduler {
  submit(task: SequenceTask): SubmitResult;
  /** Takes a task out; it is not told. False when it is not here. Works in the queue and in prefill too. */
  cancel(id: string): boolean;
  /** Something changed from outside, such as a reader that caught up. */
  wake(): void;
  /** Runs until {@link stop}. */
  run(): Promise<void>;
  stop(): void;
  snapshot(): SchedulerSnapshot;
}

/** Deadlines and stalled readers are looked at this often while no step runs, milliseconds. */
const idleTickMs = 250;
const leastRetryMs = 100;

function submit(state: SchedulerState, task: SequenceTask): SubmitResult {
  const { clock } = state.deps;
  const { maxQueued, maxWaitMs, sequences } = state.options;
  const load = workload(state);
  const predictedWaitMs = predictWaitMs(load);
  // Free sequences take from the queue before the next step: they count as places too.
  const free = sequences - state.running.size;
  const isFull = state.waiting.length >= maxQueued + free || predictedWaitMs > maxWaitMs;
  if (isFull && state.waiting.length >= free) {
    const retryAfterMs = Math.max(leastRetryMs, predictPlaceMs(load), predictedWaitMs - maxWaitMs);
    return { isAccepted: false, retryAfterMs, queuedRequests: state.waiting.length };
  }
  const active = new Set([...state.running.values()].map((entry) => entry.task.tenant));
  for (const entry of state.waiting) active.add(entry.tenant);
  if (!active.has(task.tenant)) {
    state.shares.forget(active);
    state.shares.arrive(task.tenant, active.size > 0);
  }
  const { id, priority, tenant } = task;
  state.waiting.push({ id, tenant, priority, queuedAtMs: clock.monotonicMs(), task });
  const position = Math.max(0, state.waiting.length - (sequences - state.running.size));
  return { isAccepted: true, position, predictedWaitMs: position === 0 ? 0 : predictedWaitMs };
}

function cancel(state: SchedulerState, id: string): boolean {
  const before = state.waiting.length;
  state.waiting = state.waiting.filter((entry) => entry.id !== id);
  for (const entry of state.running.values()) {
    if (entry.task.id !== id) continue;
    release(state, entry);
    return true;
  }
  return state.waiting.length < before;
}

/** Lets the loop sleep, and wakes it. A wake that comes while the loop is busy is not lost. */
function createAlarm(state: SchedulerState) {
  let isRung = false;
  let ring: (() => void) | undefined;
  return {
    ring(): void {
      isRung = true;
      ring?.();
    },
    async sleep(): Promise<void> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const hasTasks = state.running.size + state.waiting.length > 0;
          const timer = hasTasks ? state.deps.clock.after(idleTickMs, resolve) : undefined;
          ring = () => {
            timer?.cancel();
            resolve();
          };
        });
      }
      isRung = false;
      ring = undefined;
    },
  };
}

/** Makes the step scheduler. The decisions are pure functions beside this file; the loop only carries them out. */
export function createStepScheduler(deps: StepSchedulerDeps, options: StepSchedulerOptions): StepScheduler {
  const state = createSchedulerState(deps, options);
  const alarm = createAlarm(state);
  let isStopped = false;
  return {
    submit(task) {
      const result = submit(state, task);
      alarm.ring();
      return result;
    },
    cancel(id) {
      const wasHere = cancel(state, id);
      alarm.ring();
      return wasHere;
    },
    wake: () => alarm.ring(),
    async run() {
      while (!isStopped) {
        const beganMs = deps.clock.monotonicMs();
        expireTasks(state);
        await admitTasks(state);
        const items = gatherStep(state);
        if (items.length === 0) await alarm.sleep();
        else await takeStep(state, items, beganMs);
      }
    },
    stop() {
      isStopped = true;
      alarm.ring();
    },
    snapshot: () => ({
      runningSequences: state.running.size,
      queuedRequests: state.waiting.length,
      decodeStepMs: state.rates.decodeStepMs(),
      prefillTokenMs: state.rates.prefillTokenMs(),
      nativeCallSinceMs: state.nativeCallSinceMs,
    }),
  };
}
