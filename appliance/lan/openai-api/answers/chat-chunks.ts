// SPDX-License-Identifier: AGPL-3.0-only
import type { Usage } from "../../../inference/engine/index.ts";
import type { ChoiceEvent, CompletionEvent } from "../completion-event.ts";
import { failureBody } from "../openai-failure.ts";
import { type AnswerHead, dataFrame, doneFrame } from "./answer-head.ts";
import { toToolCallBody } from "./chat-completion.ts";
import { toChatLogprobs } from "./chat-logprobs.ts";
import { toFinishReason } from "./finish-reason.ts";
import { addUsage, toUsageBody } from "./usage.ts";

/** The frames of a streamed chat completion. A failure in the middle is an error chunk, and then the stream ends. */
export async function* chatChunks(
  head: AnswerHead,
  events: AsyncIterable<ChoiceEvent>,
  hasUsage: boolean,
): AsyncGenerator<string> {
  const opened = new Set<number>();
  let { model } = head;
  let usage: Usage | undefined;
  const frame = (choices: readonly unknown[], usageBody: unknown = null): string =>
    dataFrame({
      id: head.id,
      object: "chat.completion.chunk",
      created: head.created,
      model,
      choices,
      ...(hasUsage && { usage: usageBody }),
    });
  for await (const { choice: index, event } of events) {
    if (event.type === "waiting") continue;
    if (event.type === "failed") {
      yield dataFrame(failureBody(event.failure));
      return;
    }
    if (event.type === "started") model = event.model;
    if (!opened.has(index)) {
      opened.add(index);
      yield frame([{ index, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }]);
    }
    if (event.type === "ended") usage = addUsage(usage, event.usage);
    const choice = toChunkChoice(index, event);
    if (choice !== null) yield frame([choice]);
  }
  if (hasUsage) yield frame([], toUsageBody(usage));
  yield doneFrame;
}

function toChunkChoice(index: number, event: CompletionEvent): Record<string, unknown> | null {
  switch (event.type) {
    case "delta": {
      const logprobs = event.logprobs === undefined ? null : toChatLogprobs(event.logprobs);
      return { index, delta: { content: event.text }, logprobs, finish_reason: null };
    }
    case "tool-call": {
      const call = { index: event.index, ...toToolCallBody(event.call) };
      return { index, delta: { tool_calls: [call] }, logprobs: null, finish_reason: null };
    }
    case "ended":
      return { index, delta: {}, logprobs: null, finish_reason: toFinishReason(event.reason) };
    default:
      return null;
  }
}
