// SPDX-License-Identifier: AGPL-3.0-only
import type { TokenLogprob, Usage } from "../../../inference/engine/index.ts";
import type { ChoiceEvent } from "../completion-event.ts";
import { failureBody } from "../openai-failure.ts";
import { type AnswerHead, dataFrame, doneFrame } from "./answer-head.ts";
import type { CollectedAnswer } from "./chat-completion.ts";
import { toFinishReason } from "./finish-reason.ts";
import { toTextLogprobs } from "./text-logprobs.ts";
import { addUsage, toUsageBody } from "./usage.ts";

/** What shapes an answer of `/v1/completions`. */
export interface TextShape {
  /** The text that each choice begins with: its prompt with `echo`, else nothing. */
  readonly prefixes: readonly string[];
  /** Prompts of one call are different, so unlike a chat's their tokens add up; `n` answers share one prompt. */
  readonly choicesPerPrompt: number;
  readonly hasLogprobs: boolean;
  readonly hasUsage: boolean;
}

/** Sums up usage over the prompts of a call. */
function createUsageSum(choicesPerPrompt: number) {
  const usages = new Map<number, Usage>();
  return {
    add(choice: number, usage: Usage): void {
      const prompt = Math.floor(choice / choicesPerPrompt);
      usages.set(prompt, addUsage(usages.get(prompt), usage));
    },
    total(): Usage {
      const sum = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
      for (const usage of usages.values()) {
        sum.promptTokens += usage.promptTokens;
        sum.cachedTokens += usage.cachedTokens;
        sum.completionTokens += usage.completionTokens;
      }
      return sum;
    },
  };
}

/** Collects the events into one `text_completion`. */
export async function collectTextCompletion(
  head: AnswerHead,
  events: AsyncIterable<ChoiceEvent>,
  shape: TextShape,
): Promise<CollectedAnswer> {
  const choices = shape.prefixes.map((text) => ({ text, logprobs: [] as TokenLogprob[], finishReason: "stop" }));
  const usage = createUsageSum(shape.choicesPerPrompt);
  let { model } = head;
  for await (const { choice: index, event } of events) {
    const choice = choices[index];
    if (choice === undefined) continue;
    if (event.type === "failed") return { isComplete: false, failure: event.failure };
    if (event.type === "started") model = event.model;
    if (event.type === "delta") {
      choice.text += event.text;
      choice.logprobs.push(...(event.logprobs ?? []));
    }
    if (event.type === "ended") {
      choice.finishReason = toFinishReason(event.reason);
      usage.add(index, event.usage);
    }
  }
  const body = {
    id: head.id,
    object: "text_completion",
    created: head.created,
    model,
    choices: choices.map(({ text, logprobs, finishReason }, index) => ({
      index,
      text,
      logprobs: shape.hasLogprobs ? toTextLogprobs(logprobs, (shape.prefixes[index] ?? "").length) : null,
      finish_reason: finishReason,
    })),
    usage: toUsageBody(usage.total()),
  };
  return { isComplete: true, body };
}

/** The frames of a streamed `text_completion`. */
export async function* textChunks(
  head: AnswerHead,
  events: AsyncIterable<ChoiceEvent>,
  shape: TextShape,
): AsyncGenerator<string> {
  const offsets = shape.prefixes.map(() => 0);
  const usage = createUsageSum(shape.choicesPerPrompt);
  let { model } = head;
  const frame = (choices: readonly unknown[], usageBody: unknown = null): string =>
    dataFrame({
      id: head.id,
      object: "text_completion",
      created: head.created,
      model,
      choices,
      ...(shape.hasUsage && { usage: usageBody }),
    });
  for await (const { choice: index, event } of events) {
    if (event.type === "failed") {
      yield dataFrame(failureBody(event.failure));
      return;
    }
    if (event.type === "started") {
      model = event.model;
      const prefix = shape.prefixes[index] ?? "";
      offsets[index] = prefix.length;
      if (prefix !== "") yield frame([{ index, text: prefix, logprobs: null, finish_reason: null }]);
    }
    if (event.type === "delta") {
      const offset = offsets[index] ?? 0;
      const logprobs = event.logprobs === undefined ? null : toTextLogprobs(event.logprobs, offset);
      offsets[index] = offset + event.text.length;
      yield frame([{ index, text: event.text, logprobs, finish_reason: null }]);
    }
    if (event.type === "ended") {
      usage.add(index, event.usage);
      yield frame([{ index, text: "", logprobs: null, finish_reason: toFinishReason(event.reason) }]);
    }
  }
  if (shape.hasUsage) yield frame([], toUsageBody(usage.total()));
  yield doneFrame;
}
