// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import {
  choicesField,
  maxChoices,
  modelField,
  optional,
  samplingFields,
  stopField,
  streamFields,
  tokensField,
  userField,
} from "./fields.ts";

const tokenIds = z.array(z.int().min(0)).min(1);

/** A text, texts, token ids, or lists of token ids; read as one list of prompts. */
const prompts = z
  .union(
    [z.string(), z.array(z.string()).min(1).max(maxChoices), tokenIds, z.array(tokenIds).min(1).max(maxChoices)],
    `a text, token ids, or at most ${maxChoices} of either is required`,
  )
  .transform((prompt): (string | number[])[] => {
    if (typeof prompt === "string") return [prompt];
    return typeof prompt[0] === "number" ? [prompt as number[]] : (prompt as (string | number[])[]);
  });

/** `POST /v1/completions`, the older call: a prompt without a chat's template. */
export const completionRequestSchema = z.object({
  model: modelField,
  prompt: prompts,
  ...samplingFields,
  n: choicesField,
  best_of: choicesField,
  stop: stopField,
  max_tokens: tokensField,
  logprobs: optional(z.int().min(0).max(5)),
  echo: optional(z.boolean()),
  suffix: optional(z.string()),
  ...streamFields,
  user: userField,
});
export type CompletionRequest = z.output<typeof completionRequestSchema>;
