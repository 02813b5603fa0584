// SPDX-License-Identifier: AGPL-3.0-only
import type { TurnEvent } from "../../agent/turns/index.ts";
import type { InboundEvent } from "../protocol/index.ts";

/** What the live view of one inbox row says: its turn's events, or that the gateway refused it. */
export type LiveEvent =
  | TurnEvent
  | { readonly type: "refused"; readonly reason: string; readonly reply?: string; readonly retryAfterMs?: number };

/** The router's door for channels that live inside the box (web chat, the OpenAI API). */
export interface MessageRouter {
  /** Durable admission of an event of `channel`; resolves after the commit. */
  admit(channel: string, event: InboundEvent): Promise<{ readonly isDuplicate: boolean; readonly inboxId: string }>;
  /**
   * The live events of one inbox row, from now on, with the text said so far first. Ends with its turn. For a row that
   * has ended already it yields the stored outcome.
   */
  watch(inboxId: string, signal: AbortSignal): AsyncIterable<LiveEvent>;
  /** Stops the turn that answers `inboxId`, or everything of a conversation. Takes effect within a step. */
  cancel(target: { readonly inboxId: string } | { readonly channel: string; readonly conversation: string }): void;
}
