// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";

/** A field that may be absent or null; both are absent afterwards. Clients send null for what they do not set. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Names a model; required by every call. */
export const modelField = z
  .string("the name of a model is required")
  .min(1, "the name of a model is required")
  .max(256);

/** How tokens are picked: OpenAI's names, and the three more that llama.cpp and vLLM take. */
export const samplingFields = {
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  top_k: optional(z.int().min(0).max(1000)),
  min_p: optional(z.number().min(0).max(1)),
  repeat_penalty: optional(z.number().gt(0).max(2)),
  seed: optional(z.int()),
  presence_penalty: optional(z.number().min(-2).max(2)),
  frequency_penalty: optional(z.number().min(-2).max(2)),
  logit_bias: optional(z.record(z.string().regex(/^\d{1,7}$/, "keys are token ids"), z.number().min(-100).max(100))),
};

/** Most answers that one call can ask for. */
export const maxChoices = 8;

export const choicesField = optional(z.int().min(1).max(maxChoices));

const stopText = z.string().min(1, "a stop text cannot be empty").max(256);

/** One text or up to four; absent when empty. */
export const stopField = optional(z.union([stopText, z.array(stopText).max(4)])).transform((stop) => {
  const list = typeof stop === "string" ? [stop] : stop;
  return list === undefined || list.length === 0 ? undefined : list;
});

export const tokensField = optional(z.int().min(1).max(1_000_000));

export const streamFields = {
  stream: optional(z.boolean()),
  stream_options: optional(z.object({ include_usage: optional(z.boolean()) })),
};

export const userField = optional(z.string().max(256));

/** Names of functions, as OpenAI takes them. */
export const functionNameField = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "letters, digits, _ and -, at most 64");

export const jsonSchemaField = z.record(z.string(), z.unknown());
