// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatMessage } from "../../inference/engine/index.ts";

/** What a chat template puts around a message, at most, in tokens. */
const templateTokens = 12;

/**
 * An upper bound of the tokens of a prompt that needs no model: a byte-level tokenizer never makes more tokens than
 * there are bytes. Good enough to see that a short prompt fits, without asking the engine.
 */
export function tokenBound(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, message) => sum + Buffer.byteLength(message.content) + templateTokens, templateTokens);
}

/** The part of a budget up to which an estimate is trusted; above it the tokens are counted. */
const trustedShare = 0.75;

/**
 * Whether a prompt surely fits, without asking the engine: by its bound, or by what the model made of a byte lately.
 * Counting 8,000 tokens at every turn of a long conversation would cost more than the rest of the turn.
 */
export function surelyFits(messages: readonly ChatMessage[], budgetTokens: number, tokensPerByte?: number): boolean {
  const bound = tokenBound(messages);
  return bound <= budgetTokens || (tokensPerByte !== undefined && bound * tokensPerByte <= budgetTokens * trustedShare);
}
