// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatMessage, GenerateRequest, ToolChoice, ToolDefinition } from "../../../inference/engine/index.ts";
import type { ChatRequest } from "./chat-request.ts";
import { toSampling } from "./to-sampling.ts";

/** Who asks, for which model (absent: the default one), and under which id the engine knows it. */
export interface GenerationIdentity {
  readonly id: string;
  readonly tenant: string;
  readonly model: string | undefined;
  readonly defaultTemperature: number | undefined;
}

/** The generation for answer number `choice` of a chat request. */
export function toGenerateRequest(request: ChatRequest, identity: GenerationIdentity, choice: number): GenerateRequest {
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  return {
    id: `${identity.id}-${choice}`,
    tenant: identity.tenant,
    priority: "interactive",
    ...(identity.model !== undefined && { model: identity.model }),
    input: { kind: "chat", messages: request.messages.map(toChatMessage) },
    sampling: toSampling(request, identity, choice),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(request.stop !== undefined && { stop: request.stop }),
    ...toTools(request),
    ...toFormat(request.response_format),
    ...(request.logprobs === true && { topLogprobs: request.top_logprobs ?? 0 }),
  };
}

function toChatMessage(message: ChatRequest["messages"][number]): ChatMessage {
  switch (message.role) {
    case "developer":
      return { role: "system", content: message.content };
    case "tool":
      return { role: "tool", content: message.content, toolCallId: message.tool_call_id };
    case "assistant": {
      const toolCalls = message.tool_calls?.map((call) => ({
        id: call.id,
        name: call.function.name,
        argumentsJson: call.function.arguments,
      }));
      const base = { role: "assistant", content: message.content ?? "" } as const;
      return toolCalls === undefined ? base : { ...base, toolCalls };
    }
    default:
      return { role: message.role, content: message.content };
  }
}

function toTools(request: ChatRequest): Pick<GenerateRequest, "tools" | "toolChoice" | "parallelToolCalls"> {
  if (request.tools === undefined || request.tools.length === 0) return {};
  const tools = request.tools.map(
    ({ function: { name, description, parameters } }): ToolDefinition => ({
      name,
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
    }),
  );
  return {
    tools,
    toolChoice: toToolChoice(request.tool_choice),
    ...(request.parallel_tool_calls !== undefined && { parallelToolCalls: request.parallel_tool_calls }),
  };
}

function toToolChoice(choice: ChatRequest["tool_choice"]): ToolChoice {
  if (choice === undefined) return "auto";
  return typeof choice === "string" ? choice : { name: choice.function.name };
}

function toFormat(format: ChatRequest["response_format"]): Pick<GenerateRequest, "format"> {
  if (format === undefined || format.type === "text") return {};
  if (format.type === "json_object") return { format: { kind: "json" } };
  return { format: { kind: "json-schema", schema: format.json_schema.schema } };
}
