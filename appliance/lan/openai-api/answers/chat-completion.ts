// SPDX-License-Identifier: AGPL-3.0-only
import type { TokenLogprob, ToolCall, Usage } from "../../../inference/engine/index.ts";
import type { ChoiceEvent } from "../completion-event.ts";
import type { OpenAiFailure } from "../openai-failure.ts";
import type { AnswerHead } from "./answer-head.ts";
import { toChatLogprobs } from "./chat-logprobs.ts";
import { toFinishReason } from "./finish-reason.ts";
import { addUsage, toUsageBody } from "./usage.ts";

/** A whole answer, or why there is none. */
export type CollectedAnswer =
  | { readonly isComplete: true; readonly body: Record<string, unknown> }
  | { readonly isComplete: false; readonly failure: OpenAiFailure };

interface Choice {
  text: string;
  logprobs: TokenLogprob[];
  calls: ToolCall[];
  finishReason: string;
}

/** Collects the events into one `chat.completion`. */
export async function collectChatCompletion(
  head: AnswerHead,
  events: AsyncIterable<ChoiceEvent>,
  choiceCount: number,
  hasLogprobs: boolean,
): Promise<CollectedAnswer> {
  const choices = Array.from(
    { length: choiceCount },
    (): Choice => ({ text: "", logprobs: [], calls: [], finishReason: "stop" }),
  );
  let { model } = head;
  let usage: Usage | undefined;
  for await (const { choice: index, event } of events) {
    const choice = choices[index];
    if (choice === undefined) continue;
    if (event.type === "failed") return { isComplete: false, failure: event.failure };
    if (event.type === "started") model = event.model;
    if (event.type === "delta") {
      choice.text += event.text;
      choice.logprobs.push(...(event.logprobs ?? []));
    }
    if (event.type === "tool-call") choice.calls.push(event.call);
    if (event.type === "ended") {
      choice.finishReason = toFinishReason(event.reason);
      usage = addUsage(usage, event.usage);
    }
  }
  const body = {
    id: head.id,
    object: "chat.completion",
    created: head.created,
    model,
    choices: choices.map((choice, index) => toChoiceBody(choice, index, hasLogprobs)),
    usage: toUsageBody(usage),
  };
  return { isComplete: true, body };
}

function toChoiceBody(choice: Choice, index: number, hasLogprobs: boolean): Record<string, unknown> {
  const calls = choice.calls.map(toToolCallBody);
  const hasCalls = calls.length > 0;
  return {
    index,
    message: {
      role: "assistant",
      content: hasCalls && choice.text === "" ? null : choice.text,
      refusal: null,
      ...(hasCalls && { tool_calls: calls }),
    },
    logprobs: hasLogprobs ? toChatLogprobs(choice.logprobs) : null,
    finish_reason: choice.finishReason,
  };
}

/** A tool call in OpenAI's names. */
export function toToolCallBody(call: ToolCall): Record<string, unknown> {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsJson } };
}
