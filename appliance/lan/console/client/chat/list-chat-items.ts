// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatState, LiveTurn } from "./chat-state.ts";

/** One thing in the chat, from top to bottom. */
export type ChatItem =
  | {
      readonly kind: "own";
      readonly key: string;
      readonly text: string;
      readonly atMs: number;
      readonly status: "unsent" | "stored" | "refused" | "failed";
      /** Why it was refused or not taken. */
      readonly problem?: string;
    }
  | {
      readonly kind: "answer";
      readonly key: string;
      readonly text: string;
      readonly atMs: number;
      readonly sources: readonly string[];
      readonly wasStopped: boolean;
      readonly wasCut: boolean;
    }
  | { readonly kind: "live"; readonly key: string; readonly turn: LiveTurn };

/** What the chat shows: stored messages in order, then answers being made, then what is not sent yet. */
export function listChatItems(state: ChatState): readonly ChatItem[] {
  const items: ChatItem[] = [];
  for (const message of state.messages) {
    const { text, atMs } = message;
    if (message.direction === "in") {
      const problem = state.refusals[message.id];
      const hasFailed = state.endings[message.id]?.reason === "failed";
      items.push({
        kind: "own",
        key: `in-${message.id}`,
        text,
        atMs,
        status: problem !== undefined ? "refused" : hasFailed ? "failed" : "stored",
        ...(problem === undefined ? {} : { problem }),
      });
    } else {
      const ending = message.replyTo === undefined ? undefined : state.endings[message.replyTo];
      items.push({
        kind: "answer",
        key: `out-${message.replyTo ?? message.id}`,
        text,
        atMs,
        sources: ending?.sources ?? [],
        wasStopped: ending?.reason === "cancelled",
        wasCut: ending?.reason === "length",
      });
    }
  }
  for (const [replyTo, turn] of Object.entries(state.turns)) {
    if (turn.conversation === state.conversation) items.push({ kind: "live", key: `out-${replyTo}`, turn });
  }
  for (const own of state.unsent) {
    if (own.conversation !== state.conversation) continue;
    items.push({
      kind: "own",
      key: `in-${own.id}`,
      text: own.text,
      atMs: own.atMs,
      status: "unsent",
      ...(own.problem === undefined ? {} : { problem: own.problem }),
    });
  }
  return items;
}
