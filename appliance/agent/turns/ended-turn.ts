// SPDX-License-Identifier: AGPL-3.0-only
import type { TurnContext } from "./turn-context.ts";
import { turnTexts } from "./turn-texts.ts";
import type { TurnEvent } from "./types.ts";

/** The event that ends a turn well. */
export type TurnEnded = Extract<TurnEvent, { type: "turn-ended" }>;

/** A reply that no model made. */
export function fixedTurn(reply: string, reason: TurnEnded["reason"]): TurnEnded {
  return { type: "turn-ended", reply, reason, promptTokens: 0, cachedTokens: 0, completionTokens: 0, sources: [] };
}

/** What was said until the stop stays, and it is said that it was stopped. */
export function stoppedTurn(context: TurnContext, sources: readonly string[]): TurnEnded {
  const texts = turnTexts[context.language];
  const said = context.reply.said;
  const reply = said === "" ? texts.stoppedBefore : `${said}\n\n${texts.stopped}`;
  return { ...fixedTurn(reply, "cancelled"), sources: said === "" ? [] : sources };
}
