// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
import type { Sampling } from "../../../inference/engine/index.ts";
import type { samplingFields } from "./fields.ts";

type SamplingRequest = { readonly [Name in keyof typeof samplingFields]?: z.output<(typeof samplingFields)[Name]> };

/** OpenAI's names to ours, absent fields left absent. `choice` moves the seed on, so that `n` answers differ. */
export function toSampling(request: SamplingRequest, choice: number): Sampling {
  return {
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.top_p !== undefined && { topP: request.top_p }),
    ...(request.top_k !== undefined && { topK: request.top_k }),
    ...(request.min_p !== undefined && { minP: request.min_p }),
    ...(request.repeat_penalty !== undefined && { repeatPenalty: request.repeat_penalty }),
    ...(request.seed !== undefined && { seed: request.seed + choice }),
    ...(request.presence_penalty !== undefined && { presencePenalty: request.presence_penalty }),
    ...(request.frequency_penalty !== undefined && { frequencyPenalty: request.frequency_penalty }),
    ...(request.logit_bias !== undefined && { logitBias: request.logit_bias }),
  };
}
