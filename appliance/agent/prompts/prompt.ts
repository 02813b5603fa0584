// SPDX-License-Identifier: AGPL-3.0-only
import type { ChatMessage, ModelInfo } from "../../inference/engine/index.ts";
import type { KnowledgeAnswer, Language } from "../knowledge/index.ts";
import type { SessionHistory } from "../sessions/index.ts";

/** Counts the tokens of a prompt in the model's own template. */
export type TokenCounter = (messages: readonly ChatMessage[]) => Promise<number>;

/** What a prompt is made of. */
export interface PromptParts {
  readonly question: string;
  readonly found: KnowledgeAnswer;
  readonly history: SessionHistory;
  readonly model: ModelInfo;
  /** The language the person set; absent: that of the question. */
  readonly chosenLanguage?: Language;
  /** What the model made of a byte lately; absent: not known. */
  readonly tokensPerByte?: number;
  /** Such as `Sunday 2026-11-22`. */
  readonly today: string;
}

/** A prompt that fits, or why there is none. */
export type BuiltPrompt =
  | {
      readonly isFitting: true;
      readonly messages: readonly ChatMessage[];
      /** The last user message, to be repeated byte by byte in later prompts. */
      readonly shown: string;
      /** The texts of the passages as they stand in it, best first. */
      readonly texts: readonly string[];
      /** Headings of the passages that are in it. */
      readonly sources: readonly string[];
      /** Turns with a smaller number have been left out for good. */
      readonly historyFrom?: number;
      readonly maxTokens: number;
    }
  /** The question alone is longer than the model can read. */
  | { readonly isFitting: false; readonly promptTokens: number; readonly contextTokens: number };
