// SPDX-License-Identifier: AGPL-3.0-only
import type { SamplerConfig } from "../native-library.ts";
import type { Sampling } from "../types.ts";

/** Sampling with the seed fixed and defaults filled in. */
export interface FixedSampling extends Sampling {
  readonly temperature: number;
  readonly seed: number;
}

/**
 * The seed of the nth token. Each token draws from a generator of its own, so that a generation replayed from its
 * token log in a new process goes on exactly as it would have. (Mixing: splitmix32.)
 */
export function seedOfToken(seed: number, index: number): number {
  let mixed = (seed + Math.imul(index + 1, 0x9e37_79b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  const result = (mixed ^ (mixed >>> 15)) >>> 0;
  // llama.cpp takes 0xFFFFFFFF for "choose one yourself".
  return result === 0xffff_ffff ? 0 : result;
}

const penaltyWindowTokens = 1024;

/** Whether the configuration has to be given anew for each token. */
export function changesEachToken(sampling: FixedSampling): boolean {
  return sampling.temperature > 0 || hasPenalties(sampling);
}

function hasPenalties(sampling: Sampling): boolean {
  return (
    (sampling.repeatPenalty ?? 1) !== 1 ||
    (sampling.presencePenalty ?? 0) !== 0 ||
    (sampling.frequencyPenalty ?? 0) !== 0
  );
}

/** What the native sampler is told before it picks token number `sampled.length`. */
export function samplerConfig(
  sampling: FixedSampling,
  sampled: readonly number[],
  grammarState: object | undefined,
): SamplerConfig {
  const config: SamplerConfig = {};
  if (sampling.temperature > 0) {
    config.temperature = sampling.temperature;
    config.seed = seedOfToken(sampling.seed, sampled.length);
    config.topK = sampling.topK ?? 40;
    config.topP = sampling.topP ?? 0.95;
    if (sampling.minP !== undefined) config.minP = sampling.minP;
  }
  if (hasPenalties(sampling)) {
    config.repeatPenalty = sampling.repeatPenalty ?? 1;
    config.repeatPenaltyPresencePenalty = sampling.presencePenalty ?? 0;
    config.repeatPenaltyFrequencyPenalty = sampling.frequencyPenalty ?? 0;
    config.repeatPenaltyMaxTokens = penaltyWindowTokens;
    config.repeatPenaltyTokens = Uint32Array.from(sampled.slice(-penaltyWindowTokens));
  }
  const biases = Object.entries(sampling.logitBias ?? {});
  if (biases.length > 0) {
    config.tokenBiasKeys = Uint32Array.from(biases.map(([token]) => Number(token)));
    config.tokenBiasValues = Float32Array.from(biases.map(([, bias]) => bias));
  }
  if (grammarState !== undefined) config.grammarEvaluationState = grammarState;
  return config;
}
