// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import type { StepObserver } from "../../../shared/lifecycle/index.ts";
import type { TurnEvent } from "../../agent/turns/index.ts";

/** The event that closes a turn. */
export type TurnOutcome = Extract<TurnEvent, { type: "turn-ended" | "turn-failed" }>;

/** What hears of a turn while it runs. */
export interface TurnListener {
  /** Every event but the last, in order. */
  readonly onEvent: (event: Exclude<TurnEvent, TurnOutcome>) => void;
  readonly reached: StepObserver;
}

function failedBy(thrown: unknown): TurnOutcome {
  const error = toHearthError(thrown, "turn-crashed");
  return { type: "turn-failed", code: error.code, message: error.message, reply: "", isRetryable: true };
}

/** Reads a turn to its end. Never rejects: a turn that throws, or ends without an outcome, has failed and may be retried. */
export async function followTurn(events: AsyncIterable<TurnEvent>, listener: TurnListener): Promise<TurnOutcome> {
  let hasText = false;
  try {
    for await (const event of events) {
      if (event.type === "turn-ended" || event.type === "turn-failed") {
        listener.reached("09-generation-ended");
        return event;
      }
      if (event.type === "turn-started") listener.reached("07-generation-begun");
      listener.onEvent(event);
      if (event.type === "turn-delta" && !hasText) {
        hasText = true;
        listener.reached("08-first-delta");
      }
    }
  } catch (thrown) {
    return failedBy(thrown);
  }
  return failedBy("the turn ended without an outcome");
}
