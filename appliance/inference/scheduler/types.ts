// SPDX-License-Identifier: AGPL-3.0-only
import type { HearthError } from "../../../shared/errors/index.ts";

/** The part of a native context that steps need. */
export interface StepContext {
  /** Decodes one batch; a logit row for each item that wants one, −1 otherwise. Rejects when the batch fails. */
  decode(items: readonly StepBatchItem[]): Promise<readonly number[]>;
  trim(sequence: number, length: number): boolean;
  clear(sequence: number): void;
  copy(source: number, target: number): Promise<void>;
}

export interface StepBatchItem {
  readonly sequence: number;
  readonly position: number;
  readonly tokens: readonly number[];
  readonly wantsLogits: boolean;
}

/** What a task makes of a sampled token. `rewound`: it replaced some of its last tokens; the cells follow. */
export type TaskOutcome = "continue" | "finished" | "rewound";

/** One generation as the scheduler sees it: tokens that must be in the cells, and what to do with the next one. */
export interface SequenceTask {
  readonly id: string;
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  /** Model, adapter and template: cells made under another key are not reused. */
  readonly cacheKey: string;
  /** Wall-clock milliseconds after which nobody waits any more. */
  readonly deadlineMs?: number;
  /** Prompt and everything generated so far; all of it is decoded before the next token is sampled. */
  readonly tokens: readonly number[];
  /** New tokens it may still make, as far as is known; for predictions only. */
  readonly remainingTokens: number;
  /** Whether its reader is behind: it keeps its sequence and makes no tokens meanwhile. */
  isPaused(): boolean;
  /** It has a sequence; `cachedTokens` of its prompt were in the cells already. */
  started(cachedTokens: number): void;
  sample(row: number): Promise<number>;
  /** Takes a sampled token; −1 means that nothing could be sampled. Never throws. */
  accept(token: number): Promise<TaskOutcome> | TaskOutcome;
  /** It ends here. Called at most once, and never after `finished`. */
  fail(error: HearthError): void;
}

/** What a submission was answered with. */
export type SubmitResult =
  | { readonly isAccepted: true; readonly position: number; readonly predictedWaitMs: number }
  | { readonly isAccepted: false; readonly retryAfterMs: number; readonly queuedRequests: number };

/** One finished step, for metrics. Times in milliseconds. */
export interface StepRecord {
  readonly decodeTokens: number;
  readonly prefillTokens: number;
  /** Sequences in the batch. */
  readonly occupancy: number;
  readonly queueDepth: number;
  readonly decodeMs: number;
  readonly samplingMs: number;
  /** Planning, text and publishing: everything that is ours. */
  readonly ownMs: number;
}

export interface SchedulerSnapshot {
  readonly runningSequences: number;
  readonly queuedRequests: number;
  readonly decodeStepMs: number;
  readonly prefillTokenMs: number;
  /** Monotonic milliseconds at which the native call now running began; undefined between steps. */
  readonly nativeCallSinceMs: number | undefined;
}
