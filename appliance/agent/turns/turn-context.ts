// SPDX-License-Identifier: AGPL-3.0-only
import type { CommandEffect } from "../commands/index.ts";
import type { Language } from "../knowledge/index.ts";
import type { TokenRatios } from "../prompts/index.ts";
import type { SessionStore, TurnTicket } from "../sessions/index.ts";
import type { AgentDeps } from "./ports.ts";
import type { ReplyText } from "./reply-text.ts";
import type { RunningTurns } from "./running-turns.ts";
import type { TurnRequest } from "./types.ts";

/** What belongs to the agent as a whole. */
export interface AgentParts {
  readonly deps: AgentDeps;
  /** Names the day of a time for the model. */
  dayOf(nowMs: number): string;
  readonly sessions: SessionStore;
  readonly running: RunningTurns;
  readonly tokenRatios: TokenRatios;
  /** A name for a generation that was never used before in this process. */
  nextGeneration(): number;
}

/** What one turn knows while it runs, and leaves behind for its commit. */
export interface TurnContext extends AgentParts {
  readonly request: TurnRequest;
  readonly ticket: TurnTicket;
  /** The address of its session as one string. */
  readonly address: string;
  /** The language of replies that are not the model's. */
  readonly language: Language;
  /** What the person set with `/lang`. */
  readonly chosenLanguage: Language | undefined;
  readonly signal: AbortSignal;
  readonly reply: ReplyText;
  /** Filled in as the turn goes on; written by `commit`. */
  readonly outcome: TurnRemains;
}

/** What `commit` writes beside the last event. */
export interface TurnRemains {
  number: number;
  shown?: string;
  model?: string;
  historyFrom?: number;
  effect?: CommandEffect;
}
