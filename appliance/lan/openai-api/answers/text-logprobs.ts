// SPDX-License-Identifier: AGPL-3.0-only
import type { TokenLogprob } from "../../../inference/engine/index.ts";

/** Log probabilities as the older completions say them; `startOffset` is where the piece begins in the answer. */
export function toTextLogprobs(logprobs: readonly TokenLogprob[], startOffset: number): Record<string, unknown> {
  let offset = startOffset;
  const offsets: number[] = [];
  for (const { token } of logprobs) {
    offsets.push(offset);
    offset += token.length;
  }
  return {
    tokens: logprobs.map(({ token }) => token),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    top_logprobs: logprobs.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: offsets,
  };
}
