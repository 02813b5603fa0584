// SPDX-License-Identifier: AGPL-3.0-only
import type { FinishReason, GenerateEvent, Usage } from "../engine/index.ts";
import { logprobsOf, type OpenAiChunk } from "./openai-wire.ts";

/** Turns chunks into events. */
export interface AnswerAssembler {
  take(chunk: OpenAiChunk): readonly GenerateEvent[];
  /** The last events, when the stream ended properly. */
  end(isCancelled: boolean): readonly GenerateEvent[];
  /** Whether the server said why it stopped. */
  isComplete(): boolean;
}

interface PartialCall {
  id: string;
  name: string;
  argumentsJson: string;
}

const maxArgumentCharacters = 1_000_000;

function finishReason(reason: string | undefined, calls: number): FinishReason {
  if (calls > 0 && reason !== "length") return "tool-calls";
  return reason === "length" || reason === "max_tokens" ? "length" : "stop";
}

/** Assembles one answer. Tool calls come in pieces and are said when they are whole. */
export function createAnswerAssembler(requestId: string): AnswerAssembler {
  const calls = new Map<number, PartialCall>();
  let reason: string | undefined;
  let usage: Usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
  let deltas = 0;
  return {
    take(chunk) {
      const events: GenerateEvent[] = [];
      const [choice] = chunk.choices;
      if (chunk.usage) {
        const { completion_tokens: completionTokens, prompt_tokens: promptTokens } = chunk.usage;
        usage = { promptTokens, completionTokens, cachedTokens: chunk.usage.prompt_tokens_details?.cached_tokens ?? 0 };
      }
      if (choice === undefined) return events;
      const text = choice.delta?.content ?? choice.text ?? "";
      const logprobs = logprobsOf(chunk);
      if (text !== "" || logprobs.length > 0) {
        deltas++;
        events.push({ type: "delta", text, ...(logprobs.length === 0 ? {} : { logprobs }) });
      }
      for (const part of choice.delta?.tool_calls ?? []) {
        const call = calls.get(part.index) ?? { id: "", name: "", argumentsJson: "" };
        call.id ||= part.id ?? "";
        call.name ||= part.function?.name ?? "";
        call.argumentsJson = (call.argumentsJson + (part.function?.arguments ?? "")).slice(0, maxArgumentCharacters);
        calls.set(part.index, call);
      }
      reason = choice.finish_reason ?? reason;
      return events;
    },
    end(isCancelled) {
      const whole = isCancelled ? [] : [...calls].sort(([a], [b]) => a - b);
      const said: GenerateEvent[] = whole.map(([, call], index) => ({
        type: "tool-call",
        index,
        call: {
          id: call.id || `call_${requestId}_${index}`,
          name: call.name,
          argumentsJson: call.argumentsJson || "{}",
        },
      }));
      const counted = usage.completionTokens > 0 ? usage : { ...usage, completionTokens: deltas };
      const why = isCancelled ? "cancelled" : finishReason(reason, whole.length);
      return [...said, { type: "end", reason: why, usage: counted }];
    },
    isComplete: () => reason !== undefined,
  };
}
