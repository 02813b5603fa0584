// SPDX-License-Identifier: AGPL-3.0-only
import { GUIDE_MAX_PASSAGES, renderGuidePrompt } from "../../inference/guide-model/index.ts";
import type { BuiltPrompt, PromptParts, TokenCounter } from "./prompt.ts";
import { tokenBound } from "./token-bound.ts";

/** The guide answers in one to three sentences. */
const maxAnswerTokens = 128;

/**
 * The prompt of the guide model: the best passages and the question, nothing else. It has no history, since a model
 * this small would copy out of it. Where the context is short, the worst passage is left out first.
 */
export async function buildGuidePrompt(parts: PromptParts, count: TokenCounter): Promise<BuiltPrompt> {
  const { contextTokens } = parts.model;
  const maxTokens = Math.min(maxAnswerTokens, Math.floor(contextTokens / 3));
  const budget = contextTokens - maxTokens;
  for (let number = Math.min(GUIDE_MAX_PASSAGES, parts.found.passages.length); ; number--) {
    const passages = parts.found.passages.slice(0, number);
    const messages = renderGuidePrompt(passages, parts.question);
    const bound = tokenBound(messages);
    const tokens = bound <= budget ? bound : await count(messages);
    if (tokens <= budget) {
      const sources = passages.map((passage) => passage.heading || passage.title);
      return { isFitting: true, messages, shown: parts.question, sources, maxTokens };
    }
    if (number <= 1) return { isFitting: false, promptTokens: tokens, contextTokens };
  }
}
