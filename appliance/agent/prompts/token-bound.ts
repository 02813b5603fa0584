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
