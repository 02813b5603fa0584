// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import { HearthError, toHearthError } from "../../../shared/errors/index.ts";
import type { PrefixCache } from "../prefix-cache/index.ts";
import { pickNext } from "./pick-next.ts";
import { planStep } from "./plan-step.ts";
import { predictPlaceMs, predictWaitMs, type Workload } from "./predict-wait.ts";
import { runBatch } from "./run-batch.ts";
import { createStepRates, prefillBudget } from "./step-rates.ts";
import { createTenantShares } from "./tenant-shares.ts";
import type { SchedulerSnapshot, SequenceTask, StepBatchItem, StepContext, StepRecord, SubmitResult } from "./types.ts";

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

interface Running {
  readonly task: SequenceTask;
  readonly sequence: number;
  readonly admittedAtMs: number;
  pausedSinceMs: number | undefined;
  /** Taken out while its tokens were being decoded. */
  isGone: boolean;
}

interface Waiting {
  readonly id: string;
  readonly tenant: string;
  readonly priority: "interactive" | "background";
  readonly queuedAtMs: number;
  readonly task: SequenceTask;
}

interface RunningItem extends StepBatchItem {
  readonly entry: Running;
}

const idleTickMs = 250;
const prefillTokensAStep = 32;
/** Waiting for another prompt's prefix pays only when there is this much of it. */
const shareWorthTokens = 32;

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Makes the step scheduler. The decisions are pure functions beside this file; the loop only carries them out. */
export function createStepScheduler(deps: StepSchedulerDeps, options: StepSchedulerOptions): StepScheduler {
  const { cache, clock } = deps;
  const rates = createStepRates();
  const shares = createTenantShares();
  const running = new Map<number, Running>();
  let waiting: Waiting[] = [];
  let deficits: ReadonlyMap<string, number> = new Map();
  let isStopped = false;
  let nativeCallSinceMs: number | undefined;
  let wakeUp: () => void = () => undefined;

  const context: StepContext = {
    decode: (items) => native(() => deps.context.decode(items)),
    copy: (source, target) => native(() => deps.context.copy(source, target)),
    trim: (sequence, length) => deps.context.trim(sequence, length),
    clear: (sequence) => deps.context.clear(sequence),
  };
  const release = (entry: Running): void => {
    entry.isGone = true;
    if (running.get(entry.sequence) === entry) running.delete(entry.sequence);
  };
  const native = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    nativeCallSinceMs = clock.monotonicMs();
    try {
      return await call();
    } finally {
      nativeCallSinceMs = undefined;
    }
  };
  const stepsOf = (task: SequenceTask, cached: number): number =>
    task.remainingTokens + Math.max(0, task.tokens.length - cached) / prefillTokensAStep;
  const workload = (): Workload => ({
    runningSteps: [...running.values()].map((entry) => stepsOf(entry.task, cache.tokens(entry.sequence).length)),
    waitingSteps: waiting.map((entry) => stepsOf(entry.task, 0)),
    sequences: options.sequences,
    stepMs: rates.decodeStepMs() || 50,
  });

  const expire = (): void => {
    const now = clock.now();
    const isLate = (task: SequenceTask): boolean => task.deadlineMs !== undefined && task.deadlineMs <= now;
    const late = (task: SequenceTask, where: string): void =>
      task.fail(new HearthError({ code: "deadline-exceeded", message: `the deadline passed while ${where}` }));
    for (const entry of waiting) if (isLate(entry.task)) late(entry.task, "waiting for a sequence");
    waiting = waiting.filter((entry) => !isLate(entry.task));
    for (const entry of running.values()) {
      const isPaused = entry.task.isPaused();
      entry.pausedSinceMs = isPaused ? (entry.pausedSinceMs ?? clock.monotonicMs()) : undefined;
      const isStalled =
        entry.pausedSinceMs !== undefined && clock.monotonicMs() - entry.pausedSinceMs > options.pausedLimitMs;
      if (!isLate(entry.task) && !isStalled) continue;
      release(entry);
      late(entry.task, isStalled ? "its reader took nothing" : "generating");
    }
  };

  /** Whether a running prompt is just reading tokens that this one begins with too, more than any sequence has yet. */
  const isPrefixComing = (task: SequenceTask): boolean => {
    if (!options.canShare) return false;
    for (const entry of running.values()) {
      const done = cache.tokens(entry.sequence).length;
      if (entry.task.cacheKey !== task.cacheKey || entry.task.tokens.length - done <= 1) continue;
      if (commonPrefix(entry.task.tokens, task.tokens) >= done + shareWorthTokens) return true;
    }
    return false;
  };

  const admitOne = async (entry: Waiting): Promise<void> => {
    const { task } = entry;
    const placement = cache.place(task.cacheKey, task.tokens, new Set(running.keys()));
    if (placement === undefined) return;
    waiting = waiting.filter((other) => other !== entry);
    const { copyFrom, sequence } = placement;
    let reuseTokens = placement.reuseTokens;
    const admitted: Running = {
      task,
      sequence,
      admittedAtMs: clock.monotonicMs(),
      pausedSinceMs: undefined,
      isGone: false,
    };
    running.set(sequence, admitted);
    if (copyFrom !== undefined) await context.copy(copyFrom, sequence);
    if (reuseTokens === 0 || !context.trim(sequence, reuseTokens)) {
      context.clear(sequence);
      reuseTokens = 0;
    }
    cache.take({ ...placement, reuseTokens }, task.cacheKey, task.tokens);
    if (!admitted.isGone) task.started(reuseTokens);
  };

  const admit = async (): Promise<void> => {
    let held: Waiting[] = [];
    while (running.size < options.sequences && waiting.length > held.length) {
      const open = waiting.filter((entry) => !held.includes(entry));
      const next = pickNext(open, shares.served, clock.monotonicMs(), options.agingMs);
      if (next === undefined) return;
      if (isPrefixComing(next.task)) held = [...held, next];
      else await admitOne(next);
    }
  };

  const settle = async (entry: Running, token: number): Promise<void> => {
    if (entry.isGone) return;
    const outcome = await entry.task.accept(token);
    if (outcome === "finished") release(entry);
    if (outcome !== "rewound" || entry.isGone) return;
    const kept = Math.min(commonPrefix(cache.tokens(entry.sequence), entry.task.tokens), entry.task.tokens.length - 1);
    if (context.trim(entry.sequence, kept)) cache.truncate(entry.sequence, kept);
    else {
      context.clear(entry.sequence);
      cache.clear(entry.sequence);
    }
  };

  const plan = (): RunningItem[] => {
    const active = [...running.values()].filter((entry) => !entry.task.isPaused());
    const missing = (entry: Running): number => entry.task.tokens.length - cache.tokens(entry.sequence).length;
    const budget = {
      batchTokens: options.batchTokens,
      prefillTokens: prefillBudget(rates, options, true),
      agingMs: options.agingMs,
    };
    const isAnybodyDecoding = active.some((entry) => missing(entry) === 1);
    if (!isAnybodyDecoding) budget.batchTokens = Math.min(budget.batchTokens, prefillBudget(rates, options, false));
    const sequences = active.map((entry) => ({
      sequence: entry.sequence,
      tenant: entry.task.tenant,
      priority: entry.task.priority,
      prefillTokens: missing(entry) > 1 ? missing(entry) : 0,
      admittedAtMs: entry.admittedAtMs,
    }));
    const step = planStep({ nowMs: clock.monotonicMs(), sequences, deficits }, budget);
    deficits = step.deficits;
    const items: RunningItem[] = [];
    for (const { sequence, tokens } of step.items) {
      const entry = running.get(sequence);
      if (entry === undefined) continue;
      const position = cache.tokens(sequence).length;
      const end = position + tokens;
      const wantsLogits = end === entry.task.tokens.length;
      items.push({ entry, sequence, position, tokens: entry.task.tokens.slice(position, end), wantsLogits });
    }
    return items;
  };

  const step = async (items: readonly RunningItem[], beganMs: number): Promise<void> => {
    let decodedAtMs = clock.monotonicMs();
    const decodeBeganMs = decodedAtMs;
    let samplingMs = 0;
    await runBatch(context, items, {
      async decoded(done, rows) {
        decodedAtMs = clock.monotonicMs();
        for (const item of done) {
          cache.append(item.sequence, item.tokens);
          shares.serve(item.entry.task.tenant, item.tokens.length);
        }
        const sampled = done
          .map((item, index) => ({ item, row: rows[index] ?? -1 }))
          .filter(({ item }) => item.wantsLogits && !item.entry.isGone);
        const tokens = await native(() =>
          Promise.allSettled(sampled.map(({ item, row }) => item.entry.task.sample(row))),
        );
        samplingMs += clock.monotonicMs() - decodedAtMs;
        for (const [index, { item }] of sampled.entries()) {
          const token = tokens[index];
          if (token?.status === "fulfilled") await settle(item.entry, token.value);
          else if (!item.entry.isGone) {
            release(item.entry);
            item.entry.task.fail(toHearthError(token?.reason, "decode-failed"));
          }
        }
      },
      failed(item, error) {
        cache.truncate(item.sequence, item.position);
        if (item.entry.isGone) return;
        release(item.entry);
        item.entry.task.fail(error);
      },
      lost: (item) => cache.clear(item.sequence),
    });
    const prefillTokens = items.reduce((sum, item) => sum + (item.tokens.length > 1 ? item.tokens.length : 0), 0);
    const decodeTokens = items.reduce((sum, item) => sum + (item.tokens.length > 1 ? 0 : 1), 0);
    const decodeMs = decodedAtMs - decodeBeganMs;
    const totalMs = clock.monotonicMs() - beganMs;
    rates.record({ decodeTokens, prefillTokens, durationMs: totalMs });
    deps.onStep({
      decodeTokens,
      prefillTokens,
      occupancy: items.length,
      queueDepth: waiting.length,
      decodeMs,
      samplingMs,
      ownMs: totalMs - decodeMs - samplingMs,
    });
  };

  const idle = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = running.size + waiting.length > 0 ? clock.after(idleTickMs, resolve) : undefined;
      wakeUp = () => {
        timer?.cancel();
        resolve();
      };
    });

  return {
    submit(task) {
      const load = workload();
      const predictedWaitMs = predictWaitMs(load);
      const isFull = waiting.length >= options.maxQueued || predictedWaitMs > options.maxWaitMs;
      if (isFull && running.size >= options.sequences) {
        const retryAfterMs = Math.max(100, predictPlaceMs(load), predictedWaitMs - options.maxWaitMs);
        return { isAccepted: false, retryAfterMs, queuedRequests: waiting.length };
      }
      const active = new Set([...running.values()].map((entry) => entry.task.tenant));
      for (const entry of waiting) active.add(entry.tenant);
      if (!active.has(task.tenant)) {
        shares.forget(active);
        shares.arrive(task.tenant, active.size > 0);
      }
      const { id, priority, tenant } = task;
      waiting.push({ id, tenant, priority, queuedAtMs: clock.monotonicMs(), task });
      const position = Math.max(0, waiting.length - (options.sequences - running.size));
      wakeUp();
      return { isAccepted: true, position, predictedWaitMs: position === 0 ? 0 : predictedWaitMs };
    },
    cancel(id) {
      const before = waiting.length;
      waiting = waiting.filter((entry) => entry.id !== id);
      for (const entry of running.values()) {
        if (entry.task.id !== id) continue;
        release(entry);
        wakeUp();
        return true;
      }
      return waiting.length < before;
    },
    wake: () => wakeUp(),
    async run() {
      while (!isStopped) {
        const beganMs = clock.monotonicMs();
        expire();
        await admit();
        const items = plan();
        if (items.length === 0) await idle();
        else await step(items, beganMs);
      }
    },
    stop() {
      isStopped = true;
      wakeUp();
    },
    snapshot: () => ({
      runningSequences: running.size,
      queuedRequests: waiting.length,
      decodeStepMs: rates.decodeStepMs(),
      prefillTokenMs: rates.prefillTokenMs(),
      nativeCallSinceMs,
    }),
  };
}
