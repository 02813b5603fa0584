// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever } from "../../../shared/errors/index.ts";
import type { ChatCapabilities, SendResult } from "../protocol/index.ts";
import { backOffMs } from "./back-off-ms.ts";
import type { OutboxState } from "./outbox-row.ts";

/** What is known of a row when a result came for it. */
export interface DeliveryFacts {
  readonly result: SendResult;
  /** Whether the result answers a probe rather than a send. */
  readonly isProbe: boolean;
  /** Sends begun, this one counted. */
  readonly attempts: number;
  /** Probes answered, this one counted. */
  readonly probes: number;
  readonly ageMs: number;
  readonly delivery: ChatCapabilities["delivery"];
  readonly canProbe: boolean;
}

/** Limits of the decision. */
export interface DeliveryLimits {
  readonly giveUpMs: number;
  readonly maximumProbes: number;
}

/** What becomes of the row. `isSettled`: nothing more is done for it. */
export interface DeliveryDecision {
  readonly state: OutboxState;
  readonly code: string | null;
  readonly delayMs: number;
  readonly isSettled: boolean;
}

const firstRetryMs = 1_000;
const longestRetryMs = 10 * 60_000;

/** An unknown send: asked about if the channel can tell, repeated only if the other side knows a repetition. */
function decideUnknown(facts: DeliveryFacts, limits: DeliveryLimits, code: string, delayMs: number): DeliveryDecision {
  if (facts.delivery === "idempotent") {
    const isOver = facts.ageMs >= limits.giveUpMs;
    return isOver
      ? { state: "unknown", code: "gave-up", delayMs: 0, isSettled: true }
      : { state: "queued", code, delayMs, isSettled: false };
  }
  const mayAsk = facts.canProbe && facts.probes < limits.maximumProbes;
  return { state: "unknown", code, delayMs: mayAsk && facts.isProbe ? delayMs : 0, isSettled: !mayAsk };
}

/**
 * What becomes of an outbox row after a result of `send` or `probe`. A send that may have happened is repeated only
 * when the other side is idempotent or a probe (`retry`) said that it did not happen.
 */
export function decideDelivery(facts: DeliveryFacts, limits: DeliveryLimits, random: () => number): DeliveryDecision {
  const { result } = facts;
  const tries = facts.isProbe ? facts.probes : facts.attempts;
  const delayMs = backOffMs(tries, firstRetryMs, longestRetryMs, random);
  switch (result.status) {
    case "accepted":
    case "duplicate":
      return { state: "accepted", code: null, delayMs: 0, isSettled: true };
    case "rejected":
      return { state: "failed", code: result.code, delayMs: 0, isSettled: true };
    case "retry":
      if (facts.ageMs >= limits.giveUpMs) return { state: "failed", code: "gave-up", delayMs: 0, isSettled: true };
      // A probe that says "did not arrive" is not a refusal: the message goes at once.
      if (facts.isProbe)
        return { state: "queued", code: result.code, delayMs: Math.max(0, result.afterMs), isSettled: false };
      return { state: "queued", code: result.code, delayMs: Math.max(delayMs, result.afterMs), isSettled: false };
    case "unknown":
      return decideUnknown(facts, limits, result.code, delayMs);
    default:
      return assertNever(result);
  }
}
