// SPDX-License-Identifier: AGPL-3.0-only
import { inboundEventSchema } from "../../../messaging/protocol/index.ts";
import { invalidRequest, type OpenAiFailure, unsupported } from "../openai-failure.ts";
import type { ChatRequest } from "./chat-request.ts";
import { checkSchemas } from "./check-schemas.ts";

/** What a schema cannot say: fields that need each other, and what OpenAI's API has and this box has not. */
export function checkChatRequest(request: ChatRequest): OpenAiFailure | null {
  return checkSupported(request) ?? checkCombinations(request) ?? checkToolChoice(request) ?? checkSchemas(request);
}

function checkSupported(request: ChatRequest): OpenAiFailure | null {
  if (request.functions !== undefined && request.functions !== null) {
    return unsupported("functions", "'functions' was replaced by 'tools', and only 'tools' is supported.");
  }
  if (request.function_call !== undefined && request.function_call !== null) {
    return unsupported("function_call", "'function_call' was replaced by 'tool_choice', and only that is supported.");
  }
  if (request.audio !== undefined && request.audio !== null) {
    return unsupported("audio", "Answers are text: 'audio' is not supported.");
  }
  if (request.modalities?.some((modality) => modality !== "text") === true) {
    return unsupported("modalities", "Answers are text: only the modality 'text' is supported.");
  }
  return null;
}

function checkCombinations(request: ChatRequest): OpenAiFailure | null {
  if (request.stream_options !== undefined && request.stream !== true) {
    return invalidRequest("'stream_options' is only allowed with 'stream': true.", "stream_options");
  }
  if (request.top_logprobs !== undefined && request.logprobs !== true) {
    return invalidRequest("'top_logprobs' is only allowed with 'logprobs': true.", "top_logprobs");
  }
  if (request.max_tokens !== undefined && request.max_completion_tokens !== undefined) {
    return invalidRequest("Give 'max_completion_tokens' or 'max_tokens', not both.", "max_tokens");
  }
  return null;
}

function checkToolChoice(request: ChatRequest): OpenAiFailure | null {
  const { tool_choice: choice, tools = [] } = request;
  const names = tools.map((tool) => tool.function.name);
  if (new Set(names).size !== names.length) {
    return invalidRequest("The names of the tools must be different from each other.", "tools");
  }
  if (choice === undefined || choice === "none" || choice === "auto") return null;
  if (tools.length === 0) return invalidRequest("'tool_choice' needs 'tools'.", "tool_choice");
  if (choice !== "required" && !names.includes(choice.function.name)) {
    return invalidRequest(`'tool_choice' names '${choice.function.name}', which is not in 'tools'.`, "tool_choice");
  }
  return null;
}

/** What the whole agent decides by itself and so does not take from a client. */
export function checkAgentRequest(request: ChatRequest): OpenAiFailure | null {
  const only = "is for the bare models; the model 'hearth' is the whole agent and decides that itself.";
  if (request.n !== undefined && request.n > 1) return unsupported("n", `'n' above 1 ${only}`);
  if (request.tools !== undefined && request.tools.length > 0) return unsupported("tools", `'tools' ${only}`);
  if (request.logprobs === true) return unsupported("logprobs", `'logprobs' ${only}`);
  if (request.stop !== undefined) return unsupported("stop", `'stop' ${only}`);
  if (request.response_format !== undefined && request.response_format.type !== "text") {
    return unsupported("response_format", `'response_format' ${only}`);
  }
  const last = request.messages.findLast((message) => message.role === "user");
  if (last === undefined || last.content.trim() === "") {
    return invalidRequest("A message of role 'user' with a text is required.", "messages");
  }
  // Up to the gateway's own, smaller limit it is the gateway that decides and writes its decision down.
  if (!inboundEventSchema.shape.text.safeParse(last.content).success) {
    const message = `The message is too long (${last.content.length} characters) to be taken in.`;
    return { status: 413, type: "invalid_request_error", code: "message_too_large", param: "messages", message };
  }
  return null;
}
