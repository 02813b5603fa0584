// SPDX-License-Identifier: AGPL-3.0-only
import { pickNext } from "./pick-next.ts";
import { commonPrefix, type Running, type SchedulerState, type Waiting } from "./scheduler-state.ts";
import type { SequenceTask } from "./types.ts";

/** Waiting for another prompt's prefix pays only when there is this much of it. */
const shareWorthTokens = 32;

/** Whether a running prompt is just reading tokens that this one begins with too, more than any sequence has yet. */
function isPrefixComing(state: SchedulerState, task: SequenceTask): boolean {
  if (!state.options.canShare) return false;
  for (const entry of state.running.values()) {
    const done = state.deps.cache.tokens(entry.sequence).length;
    const isReading = entry.task.tokens.length - done > 1 && !entry.task.isPaused();
    if (!isReading || entry.task.cacheKey !== task.cacheKey) continue;
    if (commonPrefix(entry.task.tokens, task.tokens) >= done + shareWorthTokens) return true;
  }
  return false;
}

async function admitOne(state: SchedulerState, entry: Waiting): Promise<boolean> {
  const { task } = entry;
  const { cache, clock } = state.deps;
  const placement = cache.place(task.cacheKey, task.tokens, new Set(state.running.keys()));
  if (placement === undefined) return false;
  state.waiting = state.waiting.filter((other) => other !== entry);
  const { copyFrom, sequence } = placement;
  let { reuseTokens } = placement;
  const admitted: Running = {
    task,
    sequence,
    admittedAtMs: clock.monotonicMs(),
    pausedSinceMs: undefined,
    isGone: false,
  };
  state.running.set(sequence, admitted);
  if (copyFrom !== undefined) await state.context.copy(copyFrom, sequence);
  if (reuseTokens === 0 || !state.context.trim(sequence, reuseTokens)) {
    state.context.clear(sequence);
    reuseTokens = 0;
  }
  cache.take({ ...placement, reuseTokens }, task.cacheKey, task.tokens);
  if (!admitted.isGone) task.started(reuseTokens);
  return true;
}

/** Background work leaves one sequence to people: whoever writes to the box does not wait for a batch job to end. */
function mayEnter(state: SchedulerState, entry: Waiting): boolean {
  if (entry.priority === "interactive" || state.options.sequences === 1) return true;
  const background = [...state.running.values()].filter((running) => running.task.priority === "background").length;
  return background < state.options.sequences - 1;
}

/** Gives free sequences to waiting tasks, in the order of {@link pickNext}. */
export async function admitTasks(state: SchedulerState): Promise<void> {
  const { clock } = state.deps;
  let held: Waiting[] = [];
  while (state.running.size < state.options.sequences && state.waiting.length > held.length) {
    const open = state.waiting.filter((entry) => !held.includes(entry) && mayEnter(state, entry));
    const next = pickNext(open, state.shares.served, clock.monotonicMs(), state.options.agingMs);
    if (next === undefined) return;
    if (isPrefixComing(state, next.task)) held = [...held, next];
    else if (!(await admitOne(state, next))) return;
  }
}
