// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { ModelFacts } from "./model-facts.ts";

/** How much memory there is to plan with. */
export interface PlanMemory {
  readonly totalBytes: number;
  /** What can be used now, this process's own children not counted. */
  readonly availableBytes: number;
}

/** How a model is going to be run. */
export interface ContextPlan {
  readonly sequences: number;
  /** Tokens each sequence holds, prompt and answer. */
  readonly contextTokens: number;
  /** Tokens one step can take. */
  readonly batchTokens: number;
  readonly estimate: MemoryEstimate;
}

/** Bytes, before anything is loaded. */
export interface MemoryEstimate {
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly computeBytes: number;
  readonly totalBytes: number;
}

/** What the operator or the kind of model asks for; the rest follows from memory. */
export interface PlanWishes {
  readonly isGuide: boolean;
  readonly sequences?: number;
  readonly contextTokens?: number;
}

/** Ten streams, which is what the smallest box is sold for; three passages, a question and an answer fit in each. */
const guideWish = { sequences: 10, contextTokens: 768, batchTokens: 128 } as const;
/** Tried in this order: first fewer sequences, then shorter ones. */
const ladder = [
  { sequences: 16, contextTokens: 8192 },
  { sequences: 10, contextTokens: 8192 },
  { sequences: 8, contextTokens: 8192 },
  { sequences: 8, contextTokens: 4096 },
  { sequences: 6, contextTokens: 4096 },
  { sequences: 4, contextTokens: 4096 },
  { sequences: 4, contextTokens: 2048 },
  { sequences: 2, contextTokens: 2048 },
  { sequences: 1, contextTokens: 2048 },
  { sequences: 1, contextTokens: 1024 },
] as const;
const batchTokens = 512;
/** What the box itself and the rest of the system keep. */
const reserveBytes = 256 * 1024 * 1024;
const mib = 1024 * 1024;

/** Weights, KV cells (16 bits) and compute buffers of a plan. */
export function estimateMemory(
  facts: ModelFacts,
  plan: { sequences: number; contextTokens: number; batchTokens: number },
): MemoryEstimate {
  const kvBytes = plan.sequences * plan.contextTokens * facts.kvBytesPerToken;
  // Logits of every row, and about a dozen activations of the batch in 32 bits.
  const computeBytes = 16 * mib + plan.batchTokens * 4 * (facts.vocabularySize + facts.embeddingLength * 12);
  return {
    weightBytes: facts.tensorBytes,
    kvBytes,
    computeBytes,
    totalBytes: facts.tensorBytes + kvBytes + computeBytes,
  };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / mib).toLocaleString("en")} MiB`;
}

/**
 * How many sequences of which length fit. Pure.
 * @throws HearthError `model-too-large`, with the numbers, when not even one short sequence fits.
 */
export function planContext(facts: ModelFacts, memory: PlanMemory, wishes: PlanWishes): ContextPlan {
  const usable = Math.min(memory.availableBytes, memory.totalBytes) - Math.min(reserveBytes, memory.totalBytes / 8);
  const wished = wishes.isGuide ? [guideWish, ...ladder] : ladder;
  let smallest: ContextPlan | undefined;
  for (const step of wished) {
    const sequences = wishes.sequences ?? step.sequences;
    const contextTokens = Math.min(wishes.contextTokens ?? step.contextTokens, facts.trainedContextTokens);
    const tokens = Math.max(sequences, wishes.isGuide ? guideWish.batchTokens : Math.min(batchTokens, contextTokens));
    const plan = { sequences, contextTokens, batchTokens: tokens };
    smallest = { ...plan, estimate: estimateMemory(facts, plan) };
    if (smallest.estimate.totalBytes <= usable) return smallest;
  }
  const { kvBytes, totalBytes, weightBytes } = smallest?.estimate ?? estimateMemory(facts, { ...guideWish });
  throw new HearthError({
    code: "model-too-large",
    message: `the model needs ${megabytes(totalBytes)} (weights ${megabytes(weightBytes)}, KV cells ${megabytes(kvBytes)}), and ${megabytes(Math.max(0, usable))} can be used`,
    remedy: "Choose a smaller model or a stronger quantisation, or free memory.",
    details: { neededBytes: totalBytes, usableBytes: usable },
  });
}
