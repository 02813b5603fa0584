// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
import type { Sampling } from "../../../inference/engine/index.ts";
import type { samplingFields } from "./fields.ts";

type SamplingRequest = { readonly [Name in keyof typeof samplingFields]?: z.output<(typeof samplingFields)[Name]> };

/** What a generation is called, and for which model. */
export interface SamplingSource {
  /** Ends with characters of [0-9a-z] that nobody can foresee: a call without a seed gets its seed from them. */
  readonly id: string;
  /** Absent: the engine's own. */
  readonly defaultTemperature: number | undefined;
}

/**
 * OpenAI's names to ours. `choice` moves the seed on, so that `n` answers differ. As at OpenAI a request
 * that names no seed gets another one each time.
 */
export function toSampling(
  request: SamplingRequest,
  { id, defaultTemperature }: SamplingSource,
  choice: number,
): Sampling {
  const temperature = request.temperature ?? defaultTemperature;
  return {
    ...(temperature !== undefined && { temperature }),
    seed: (request.seed ?? Number.parseInt(id.slice(-5), 36)) + choice,
    ...(request.top_p !== undefined && { topP: request.top_p }),
    ...(request.top_k !== undefined && { topK: request.top_k }),
    ...(request.min_p !== undefined && { minP: request.min_p }),
    ...(request.repeat_penalty !== undefined && { repeatPenalty: request.repeat_penalty }),
    ...(request.presence_penalty !== undefined && { presencePenalty: request.presence_penalty }),
    ...(request.frequency_penalty !== undefined && { frequencyPenalty: request.frequency_penalty }),
    ...(request.logit_bias !== undefined && { logitBias: request.logit_bias }),
  };
}
