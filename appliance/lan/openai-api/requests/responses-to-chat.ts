// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatRequest } from "./chat-request.ts";
import type { ResponsesItem, ResponsesRequest } from "./responses-request.ts";

type Message = ChatRequest["messages"][number];

/** A responses request as the chat request that means the same. */
export function responsesToChat(request: ResponsesRequest): ChatRequest {
  const { model, temperature, top_p, max_output_tokens, parallel_tool_calls, stream, user } = request;
  return {
    model,
    messages: toMessages(request),
    max_completion_tokens: max_output_tokens,
    tools: request.tools?.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description, parameters },
    })),
    tool_choice: toToolChoice(request.tool_choice),
    response_format: toFormat(request.text?.format),
    ...{ temperature, top_p, parallel_tool_calls, stream, user },
    ...absent,
  };
}

/** What only the other call has. */
const absent = {
  top_k: undefined,
  min_p: undefined,
  repeat_penalty: undefined,
  seed: undefined,
  presence_penalty: undefined,
  frequency_penalty: undefined,
  logit_bias: undefined,
  n: undefined,
  stop: undefined,
  max_tokens: undefined,
  logprobs: undefined,
  top_logprobs: undefined,
  stream_options: undefined,
  modalities: undefined,
} as const;

function toMessages({ instructions, input }: ResponsesRequest): Message[] {
  const messages: Message[] = instructions === undefined ? [] : [{ role: "system", content: instructions }];
  if (typeof input === "string") return [...messages, { role: "user", content: input }];
  for (const item of input) addItem(messages, item);
  return messages;
}

function addItem(messages: Message[], item: ResponsesItem): void {
  if (item.type === "function_call_output") {
    messages.push({ role: "tool", content: item.output, tool_call_id: item.call_id });
    return;
  }
  if (item.type !== "function_call") {
    if (item.role === "assistant") messages.push({ role: "assistant", content: item.content, tool_calls: undefined });
    else messages.push({ role: item.role, content: item.content });
    return;
  }
  // Calls that follow an answer, or each other, are one message of the assistant.
  const call = {
    id: item.call_id,
    type: "function" as const,
    function: { name: item.name, arguments: item.arguments },
  };
  const last = messages.at(-1);
  if (last?.role === "assistant") {
    messages[messages.length - 1] = { ...last, tool_calls: [...(last.tool_calls ?? []), call] };
  } else {
    messages.push({ role: "assistant", content: undefined, tool_calls: [call] });
  }
}

function toToolChoice(choice: ResponsesRequest["tool_choice"]): ChatRequest["tool_choice"] {
  return typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice;
}

type Format = NonNullable<NonNullable<ResponsesRequest["text"]>["format"]>;

function toFormat(format: Format | undefined): ChatRequest["response_format"] {
  if (format?.type !== "json_schema") return format;
  return { type: "json_schema", json_schema: { name: format.name, schema: format.schema } };
}
