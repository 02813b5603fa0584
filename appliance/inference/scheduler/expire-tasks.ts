// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import { release, type SchedulerState } from "./scheduler-state.ts";
import type { SequenceTask } from "./types.ts";

function late(task: SequenceTask, where: string): void {
  task.fail(new HearthError({ code: "deadline-exceeded", message: `the deadline passed while ${where}` }));
}

/** Ends what nobody waits for any more: deadlines that passed, readers that take nothing. */
export function expireTasks(state: SchedulerState): void {
  const { clock } = state.deps;
  const now = clock.now();
  const isLate = (task: SequenceTask): boolean => task.deadlineMs !== undefined && task.deadlineMs <= now;
  for (const entry of state.waiting) if (isLate(entry.task)) late(entry.task, "waiting for a sequence");
  state.waiting = state.waiting.filter((entry) => !isLate(entry.task));
  for (const entry of state.running.values()) {
    const isPaused = entry.task.isPaused();
    entry.pausedSinceMs = isPaused ? (entry.pausedSinceMs ?? clock.monotonicMs()) : undefined;
    const { pausedSinceMs } = entry;
    const isStalled = pausedSinceMs !== undefined && clock.monotonicMs() - pausedSinceMs > state.options.pausedLimitMs;
    if (!isLate(entry.task) && !isStalled) continue;
    release(state, entry);
    late(entry.task, isStalled ? "its reader took nothing" : "generating");
  }
}
