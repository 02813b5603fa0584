// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import { planStep } from "./plan-step.ts";
import { runBatch } from "./run-batch.ts";
import {
  commonPrefix,
  type Running,
  type RunningItem,
  release,
  type SchedulerState,
  timed,
} from "./scheduler-state.ts";
import { prefillBudget } from "./step-rates.ts";

function missingTokens(state: SchedulerState, entry: Running): number {
  return entry.task.tokens.length - state.deps.cache.tokens(entry.sequence).length;
}

/** What goes into the next step, with the tokens themselves. */
export function gatherStep(state: SchedulerState): RunningItem[] {
  const { cache, clock } = state.deps;
  const { agingMs, batchTokens } = state.options;
  const active = [...state.running.values()].filter((entry) => !entry.task.isPaused());
  const isAnybodyDecoding = active.some((entry) => missingTokens(state, entry) === 1);
  const prefillTokens = prefillBudget(state.rates, state.options, isAnybodyDecoding);
  const budget = { batchTokens: isAnybodyDecoding ? batchTokens : prefillTokens, prefillTokens, agingMs };
  const sequences = active.map((entry) => {
    const missing = missingTokens(state, entry);
    const { priority, tenant } = entry.task;
    return {
      sequence: entry.sequence,
      tenant,
      priority,
      prefillTokens: missing > 1 ? missing : 0,
      admittedAtMs: entry.admittedAtMs,
    };
  });
  const plan = planStep({ nowMs: clock.monotonicMs(), sequences, deficits: state.deficits }, budget);
  state.deficits = plan.deficits;
  const items: RunningItem[] = [];
  for (const { sequence, tokens } of plan.items) {
    const entry = state.running.get(sequence);
    if (entry === undefined) continue;
    const position = cache.tokens(sequence).length;
    const end = position + tokens;
    const wantsLogits = end === entry.task.tokens.length;
    items.push({ entry, sequence, position, tokens: entry.task.tokens.slice(position, end), wantsLogits });
  }
  return items;
}

/** Gives a sampled token to its task, and follows when the task took tokens back. */
async function settle(state: SchedulerState, entry: Running, token: number): Promise<void> {
  if (entry.isGone) return;
  const { cache } = state.deps;
  const outcome = await entry.task.accept(token);
  if (outcome === "finished") release(state, entry);
  if (outcome !== "rewound" || entry.isGone) return;
  const { tokens } = entry.task;
  const kept = Math.min(commonPrefix(cache.tokens(entry.sequence), tokens), tokens.length - 1);
  if (state.context.trim(entry.sequence, kept)) cache.truncate(entry.sequence, kept);
  else {
    state.context.clear(entry.sequence);
    cache.clear(entry.sequence);
  }
}

async function sampleAll(state: SchedulerState, done: readonly RunningItem[], rows: readonly number[]): Promise<void> {
  const sampled = done
    .map((item, index) => ({ item, row: rows[index] ?? -1 }))
    .filter(({ item }) => item.wantsLogits && !item.entry.isGone);
  const tokens = await timed(state, () =>
    Promise.allSettled(sampled.map(({ item, row }) => item.entry.task.sample(row))),
  );
  for (const [index, { item }] of sampled.entries()) {
    const token = tokens[index];
    if (token?.status === "fulfilled") await settle(state, item.entry, token.value);
    else if (!item.entry.isGone) {
      release(state, item.entry);
      item.entry.task.fail(toHearthError(token?.reason, "decode-failed"));
    }
  }
}

/** Carries a step out: decode, sample, give every task its token, publish. */
export async function takeStep(state: SchedulerState, items: readonly RunningItem[], beganMs: number): Promise<void> {
  const { cache, clock, onStep } = state.deps;
  const decodeBeganMs = clock.monotonicMs();
  let decodedAtMs = decodeBeganMs;
  let samplingMs = 0;
  await runBatch(state.context, items, {
    async decoded(done, rows) {
      decodedAtMs = clock.monotonicMs();
      for (const item of done) {
        cache.append(item.sequence, item.tokens);
        state.shares.serve(item.entry.task.tenant, item.tokens.length);
      }
      await sampleAll(state, done, rows);
      samplingMs += clock.monotonicMs() - decodedAtMs;
    },
    failed(item, error) {
      cache.truncate(item.sequence, item.position);
      if (item.entry.isGone) return;
      release(state, item.entry);
      item.entry.task.fail(error);
    },
    lost: (item) => cache.clear(item.sequence),
  });
  const count = (isPrefill: boolean): number =>
    items.reduce((sum, item) => sum + (item.tokens.length > 1 === isPrefill ? item.tokens.length : 0), 0);
  const [decodeTokens, prefillTokens] = [count(false), count(true)];
  const totalMs = clock.monotonicMs() - beganMs;
  const decodeMs = decodedAtMs - decodeBeganMs;
  state.rates.record({ decodeTokens, prefillTokens, durationMs: totalMs });
  const ownMs = Math.max(0, totalMs - decodeMs - samplingMs);
  onStep({
    decodeTokens,
    prefillTokens,
    occupancy: items.length,
    queueDepth: state.waiting.length,
    decodeMs,
    samplingMs,
    ownMs,
  });
}
