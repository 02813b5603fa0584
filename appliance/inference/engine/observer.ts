// SPDX-License-Identifier: AGPL-3.0-only
import type { StepRecord } from "../scheduler/index.ts";

/** What the engine tells whoever keeps metrics. Each method must be quick and must not throw. */
export interface EngineObserver {
  /** After each step: decode, sampling and own time, batch occupancy, queue depth. */
  step(record: StepRecord): void;
  /** From the request to its first token, milliseconds. */
  firstToken(milliseconds: number): void;
  /** Between two tokens of one generation, milliseconds. */
  interToken(milliseconds: number): void;
  /** Prompt tokens of one generation that came out of the KV cache. */
  prefixHit(tokens: number): void;
  /** One generation ended. */
  ended(
    outcome: "stop" | "length" | "tool-calls" | "cancelled" | "failed",
    promptTokens: number,
    completionTokens: number,
  ): void;
}

/** Hears nothing. */
export const silentObserver: EngineObserver = {
  step: () => undefined,
  firstToken: () => undefined,
  interToken: () => undefined,
  prefixHit: () => undefined,
  ended: () => undefined,
};
