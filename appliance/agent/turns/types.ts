// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId, SessionId, TurnId } from "../../../shared/ids/index.ts";
import type { Role } from "../../gateway/access-control/index.ts";

/** One thing a person said that is to be answered, after the gateway allowed it. */
export interface TurnRequest {
  readonly person: PersonId;
  readonly role: Role;
  readonly channel: string;
  readonly conversation: string;
  /** Names the session inside the conversation, as the OpenAI API's `user` does; usually absent. */
  readonly sessionKey?: string;
  readonly text: string;
  /** The inbox row it answers; one turn a row, also after a crash. */
  readonly inboxId: string;
  readonly language?: string;
}

/** What a turn says while it runs. Exactly one `turn-ended` or `turn-failed` closes it; it never rejects. */
export type TurnEvent =
  | { readonly type: "turn-started"; readonly turnId: TurnId; readonly sessionId: SessionId }
  | { readonly type: "turn-queued"; readonly position: number; readonly predictedWaitMs: number }
  | { readonly type: "turn-delta"; readonly text: string }
  | { readonly type: "turn-resumed" }
  | {
      readonly type: "turn-ended";
      /** The whole reply, as it is stored and sent. */
      readonly reply: string;
      readonly reason: "stop" | "length" | "cancelled" | "command";
      readonly promptTokens: number;
      readonly cachedTokens: number;
      readonly completionTokens: number;
      /** Headings of the knowledge that was shown to the model. */
      readonly sources: readonly string[];
    }
  | {
      readonly type: "turn-failed";
      readonly code: string;
      /** For the log and the console. */
      readonly message: string;
      /** What the person is told. */
      readonly reply: string;
      readonly isRetryable: boolean;
      readonly retryAfterMs?: number;
    };

/** A turn that runs. */
export interface RunningTurn {
  readonly turnId: TurnId;
  readonly sessionId: SessionId;
  readonly events: AsyncIterable<TurnEvent>;
  /**
   * Writes the outcome (reply, usage, state). Called by the router inside the transaction that also writes the outbox
   * row and ends the inbox row, so that a crash leaves all of it or nothing.
   */
  commit(ended: Extract<TurnEvent, { type: "turn-ended" | "turn-failed" }>): void;
}

/** The agent: sessions, prompts, knowledge and commands behind one door. */
export interface Agent {
  /** Begins (or, for an inbox row met again after a crash, begins anew) the turn that answers `request`. */
  startTurn(request: TurnRequest, signal: AbortSignal): RunningTurn;
  /** Whether a text is a command that must not wait behind the running turn, such as `/stop`. */
  isImmediateCommand(text: string): boolean;
}
