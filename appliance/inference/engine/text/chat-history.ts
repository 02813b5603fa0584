// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse } from "node-llama-cpp";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { ChatMessage } from "../types.ts";

/** JSON of a tool's arguments or result as a value; text that is not JSON stays text. */
function parsedOrText(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A tool may answer in plain words; the model is shown them as a string.
    return text;
  }
}

function functionCalls(message: ChatMessage, results: ReadonlyMap<string, string>): ChatModelFunctionCall[] {
  return (message.toolCalls ?? []).map((call, index) => ({
    type: "functionCall",
    name: call.name,
    params: parsedOrText(call.argumentsJson),
    result: parsedOrText(results.get(call.id) ?? ""),
    ...(index === 0 ? { startsNewChunk: true } : {}),
  }));
}

/**
 * Messages as node-llama-cpp's chat wrappers take them. Tool results move into the answer that asked for them, and
 * what the assistant says behind them continues that answer. Ends with an open answer.
 * @throws HearthError `invalid-request` for a tool message that answers no call.
 */
export function toChatHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const results = new Map<string, string>();
  for (const message of messages) {
    if (message.role === "tool" && message.toolCallId !== undefined) results.set(message.toolCallId, message.content);
  }
  const known = new Set(messages.flatMap((message) => (message.toolCalls ?? []).map((call) => call.id)));
  const history: ChatHistoryItem[] = [];
  const lastAnswer = (): ChatModelResponse["response"] | undefined => {
    const last = history.at(-1);
    return last?.type === "model" ? last.response : undefined;
  };
  for (const message of messages) {
    if (message.role === "system") history.push({ type: "system", text: message.content });
    else if (message.role === "user") history.push({ type: "user", text: message.content });
    else if (message.role === "tool") {
      if (message.toolCallId !== undefined && known.has(message.toolCallId)) continue;
      throw new HearthError({
        code: "invalid-request",
        message: `a tool message answers the call ${message.toolCallId ?? "(none)"}, which no assistant message made`,
      });
    } else {
      const said = [...(message.content === "" ? [] : [message.content]), ...functionCalls(message, results)];
      const open = lastAnswer();
      if (open?.some((part) => typeof part !== "string") === true) open.push(...said);
      else history.push({ type: "model", response: said });
    }
  }
  const endsWithToolResult = messages.at(-1)?.role === "tool";
  if (!endsWithToolResult) history.push({ type: "model", response: [] });
  return history;
}
