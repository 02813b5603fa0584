// SPDX-License-Identifier: AGPL-3.0-only
import type { Usage } from "../../../inference/engine/index.ts";
import type { OpenAiFailure } from "../openai-failure.ts";
import type { ResponsesRequest } from "../requests/responses-request.ts";
import type { AnswerHead } from "./answer-head.ts";

/** One piece of output, in OpenAI's shape. */
export type ResponseItem =
  | {
      readonly type: "message";
      readonly id: string;
      readonly role: "assistant";
      readonly status: "in_progress" | "completed" | "incomplete";
      readonly content: readonly ResponseTextPart[];
    }
  | {
      readonly type: "function_call";
      readonly id: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
      readonly status: "in_progress" | "completed";
    };

export interface ResponseTextPart {
  readonly type: "output_text";
  readonly text: string;
  readonly annotations: readonly never[];
  readonly logprobs: readonly never[];
}

/** A part of text. */
export function textPart(text: string): ResponseTextPart {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

/** How far a response is. */
export interface ResponseState {
  readonly status: "in_progress" | "completed" | "incomplete" | "failed";
  readonly output: readonly ResponseItem[];
  readonly usage?: Usage | undefined;
  readonly failure?: OpenAiFailure;
}

/** The response object, which repeats the request's settings. `store` is always false: nothing is kept. */
export function toResponseObject(
  head: AnswerHead,
  request: ResponsesRequest,
  state: ResponseState,
): Record<string, unknown> {
  const { status, output, usage, failure } = state;
  return {
    id: head.id,
    object: "response",
    created_at: head.created,
    status,
    background: false,
    error: failure === undefined ? null : { code: failure.code ?? "server_error", message: failure.message },
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: head.model,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    store: false,
    temperature: request.temperature ?? null,
    text: { format: request.text?.format ?? { type: "text" } },
    tool_choice: request.tool_choice ?? "auto",
    tools: (request.tools ?? []).map((tool) => ({ ...tool, strict: true })),
    top_p: request.top_p ?? null,
    truncation: "disabled",
    usage: usage === undefined ? null : toResponseUsage(usage),
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

function toResponseUsage({ promptTokens, cachedTokens, completionTokens }: Usage): Record<string, unknown> {
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: completionTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: promptTokens + completionTokens,
  };
}
