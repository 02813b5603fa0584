// SPDX-License-Identifier: AGPL-3.0-only
import { GUIDE_MAX_PASSAGES, type GuideMessage, renderGuidePrompt } from "../../inference/guide-model/index.ts";
import type { BuiltPrompt, PromptParts, TokenCounter } from "./prompt.ts";
import { surelyFits } from "./token-bound.ts";

/** The guide repeats at most a passage; a Han character may take two tokens of its small vocabulary. */
const maxAnswerTokens = 256;

/**
 * The texts in a rendered guide prompt: after its first line, each passage is a line with its heading and a line with
 * its text, cut to what the model can read.
 */
export function shownTexts(messages: readonly GuideMessage[]): string[] {
  const lines = messages[0]?.content.split("\n") ?? [];
  return lines.filter((_line, index) => index >= 2 && index % 2 === 0);
}

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
    const tokens = surelyFits(messages, budget, parts.tokensPerByte) ? 0 : await count(messages);
    if (tokens <= budget) {
      const sources = passages.map((passage) => passage.heading || passage.title);
      return { isFitting: true, messages, shown: parts.question, texts: shownTexts(messages), sources, maxTokens };
    }
    if (number <= 1) return { isFitting: false, promptTokens: tokens, contextTokens };
  }
}
