// SPDX-License-Identifier: AGPL-3.0-only
import type { TurnResult, TurnTicket } from "../sessions/index.ts";
import type { TurnEvent } from "./types.ts";

const reasons = ["stop", "length", "cancelled", "command"] as const;

/** The events of a turn that ended before: its outcome again, so that a repeated inbox row gets the same reply. */
export async function* storedOutcome(ticket: TurnTicket, result: TurnResult): AsyncGenerator<TurnEvent> {
  yield { type: "turn-started", turnId: ticket.turnId, sessionId: ticket.sessionId };
  if (result.state === "failed") {
    const message = "the turn had failed before";
    yield { type: "turn-failed", code: result.reason, message, reply: result.reply, isRetryable: false };
    return;
  }
  yield {
    type: "turn-ended",
    reply: result.reply,
    reason: reasons.find((reason) => reason === result.reason) ?? "stop",
    promptTokens: result.promptTokens,
    cachedTokens: result.cachedTokens,
    completionTokens: result.completionTokens,
    sources: result.sources,
  };
}
