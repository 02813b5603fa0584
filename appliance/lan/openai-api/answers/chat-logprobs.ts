// SPDX-License-Identifier: AGPL-3.0-only
import type { TokenLogprob } from "../../../inference/engine/index.ts";

const encoder = new TextEncoder();

function entry(token: string, logprob: number): Record<string, unknown> {
  return { token, logprob, bytes: [...encoder.encode(token)] };
}

/** Log probabilities of a piece of an answer, as chat completions say them. */
export function toChatLogprobs(logprobs: readonly TokenLogprob[]): Record<string, unknown> {
  const content = logprobs.map(({ token, logprob, top }) => ({
    ...entry(token, logprob),
    top_logprobs: top.map((other) => entry(other.token, other.logprob)),
  }));
  return { content, refusal: null };
}
