// SPDX-License-Identifier: AGPL-3.0-only
import type { Usage } from "../../../inference/engine/index.ts";

/** What several answers to one prompt used: the prompt counts once, as OpenAI counts it. */
export function addUsage(total: Usage | undefined, usage: Usage): Usage {
  if (total === undefined) return usage;
  return {
    promptTokens: Math.max(total.promptTokens, usage.promptTokens),
    cachedTokens: Math.max(total.cachedTokens, usage.cachedTokens),
    completionTokens: total.completionTokens + usage.completionTokens,
  };
}

/** Usage in OpenAI's names. */
export function toUsageBody(usage: Usage | undefined): Record<string, unknown> {
  const { promptTokens, cachedTokens, completionTokens } = usage ?? {
    promptTokens: 0,
    cachedTokens: 0,
    completionTokens: 0,
  };
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}
