// SPDX-License-Identifier: AGPL-3.0-only
import { type OpenAiFailure, unsupported } from "../openai-failure.ts";
import type { ResponsesRequest } from "./responses-request.ts";

/** What needs a store of answers, which the box does not keep for programs; each with the way that works. */
const unsupportedFields = {
  previous_response_id:
    "Responses are not stored. Send the items of the conversation as 'input', or use the model 'hearth' with 'user', which remembers.",
  conversation: "Conversations are not kept here. Use the model 'hearth' with 'user', which remembers.",
  prompt: "Prompt templates are not supported. Send 'instructions' and 'input'.",
} as const;

/** Refuses by name what this box cannot do. */
export function checkResponsesRequest(request: ResponsesRequest): OpenAiFailure | null {
  for (const name of ["previous_response_id", "conversation", "prompt"] as const) {
    const value = request[name];
    if (value !== undefined && value !== null) return unsupported(name, unsupportedFields[name]);
  }
  if (request.background === true) return unsupported("background", "Responses run while the client waits.");
  if (request.truncation === "auto") return unsupported("truncation", "'truncation' can be 'disabled' only.");
  if (request.top_logprobs !== undefined && request.top_logprobs > 0) {
    return unsupported("top_logprobs", "Log probabilities come with /v1/chat/completions.");
  }
  return null;
}
