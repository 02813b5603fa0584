// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { ChatMessage, GenerateRequest, TokenLogprob, ToolChoice } from "../engine/index.ts";

const tokenLogprob = z.object({ token: z.string(), logprob: z.number() });

const toolCallDelta = z.object({
  index: z.int().min(0).max(127).default(0),
  id: z.string().max(256).nullish(),
  function: z.object({ name: z.string().max(256).nullish(), arguments: z.string().nullish() }).nullish(),
});

const usageSchema = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
});

/** One chunk of a streamed answer, of chat or of plain completion; servers differ in what they leave out. */
export const chunkSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish(), tool_calls: z.array(toolCallDelta).nullish() }).nullish(),
        text: z.string().nullish(),
        finish_reason: z.string().nullish(),
        logprobs: z
          .object({
            content: z.array(tokenLogprob.extend({ top_logprobs: z.array(tokenLogprob).nullish() })).nullish(),
          })
          .nullish(),
      }),
    )
    .default([]),
  usage: usageSchema.nullish(),
  error: z.object({ message: z.string().nullish(), code: z.union([z.string(), z.number()]).nullish() }).nullish(),
});

export type OpenAiChunk = z.infer<typeof chunkSchema>;

export const errorSchema = z.object({
  error: z.union([
    z.string(),
    z.object({
      message: z.string().nullish(),
      code: z.union([z.string(), z.number()]).nullish(),
      type: z.string().nullish(),
    }),
  ]),
});

export const modelsSchema = z.object({
  data: z
    .array(
      z.object({
        id: z.string(),
        max_model_len: z.number().nullish(),
        meta: z.object({ n_ctx_train: z.number().nullish() }).nullish(),
      }),
    )
    .max(10_000),
});

export const embeddingsSchema = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ embedding: z.array(z.number()), index: z.int().nullish() })),
  usage: z.object({ prompt_tokens: z.number() }).nullish(),
});

/** Log probabilities of a chunk. */
export function logprobsOf(chunk: OpenAiChunk): readonly TokenLogprob[] {
  const entries = chunk.choices[0]?.logprobs?.content ?? [];
  return entries.map(({ token, logprob, top_logprobs: top }) => ({ token, logprob, top: top ?? [] }));
}

function toMessage(message: ChatMessage): object {
  return {
    role: message.role,
    content: message.content,
    ...(message.toolCallId === undefined ? {} : { tool_call_id: message.toolCallId }),
    ...(message.toolCalls === undefined
      ? {}
      : {
          tool_calls: message.toolCalls.map((call) => ({
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: call.argumentsJson },
          })),
        }),
  };
}

function toToolChoice(choice: ToolChoice): unknown {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
}

function toFormat(format: NonNullable<GenerateRequest["format"]>): object {
  if (format.kind === "json") return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: "answer", strict: true, schema: format.schema } };
}

function samplingFields(request: GenerateRequest): object {
  const { frequencyPenalty, logitBias, minP, presencePenalty, repeatPenalty, seed, temperature, topK, topP } =
    request.sampling ?? {};
  const fields = {
    temperature,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    seed,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    repetition_penalty: repeatPenalty,
    logit_bias: logitBias,
  };
  // Fields outside OpenAI's API (top_k, min_p, repetition_penalty) are only sent when somebody asked for them.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The path and body that ask a server for this generation. */
export function toOpenAiRequest(
  request: GenerateRequest,
  model: string,
): { readonly path: string; readonly body: object } {
  const { input, maxTokens, stop, tools, topLogprobs } = request;
  const common = {
    model,
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
    ...samplingFields(request),
  };
  if (input.kind === "text") {
    const logprobs = topLogprobs === undefined ? {} : { logprobs: topLogprobs };
    return { path: "/completions", body: { ...common, prompt: input.prompt, ...logprobs } };
  }
  const toolFields =
    tools === undefined || tools.length === 0
      ? {}
      : {
          tools: tools.map(({ description, name, parameters }) => ({
            type: "function",
            function: { name, description, parameters },
          })),
          tool_choice: toToolChoice(request.toolChoice ?? "auto"),
          ...(request.parallelToolCalls === undefined ? {} : { parallel_tool_calls: request.parallelToolCalls }),
        };
  return {
    path: "/chat/completions",
    body: {
      ...common,
      messages: input.messages.map(toMessage),
      ...toolFields,
      ...(request.format === undefined ? {} : { response_format: toFormat(request.format) }),
      ...(topLogprobs === undefined ? {} : { logprobs: true, top_logprobs: topLogprobs }),
    },
  };
}
