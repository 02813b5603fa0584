// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId, SessionId, TurnId } from "../../../shared/ids/index.ts";

/** A turn as it is stored; texts are sealed with the key of the person. */
export interface TurnRow {
  readonly id: TurnId;
  readonly session: SessionId;
  readonly number: number;
  readonly person: PersonId;
  readonly inbox_id: string;
  readonly state: "running" | "ended" | "failed";
  readonly reason: string | null;
  readonly is_history: number;
  readonly question: Uint8Array;
  readonly shown: Uint8Array | null;
  readonly reply: Uint8Array | null;
  readonly sources: Uint8Array | null;
  readonly model: string | null;
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly completion_tokens: number;
  readonly started_ms: number;
  readonly ended_ms: number | null;
}

/** The columns of a turn that hold sealed text. */
export type TurnTextColumn = "question" | "shown" | "reply" | "sources";

/** How a turn came out, to be written once. */
export interface TurnResult {
  readonly state: "ended" | "failed";
  /** Of an ended turn stop, length, cancelled or command; of a failed one its code. */
  readonly reason: string;
  readonly reply: string;
  /** The user message as the model saw it; absent when no model was asked. */
  readonly shown?: string;
  readonly sources: readonly string[];
  /** Whether later prompts of the session show it. */
  readonly isHistory: boolean;
  readonly model?: string;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
}
