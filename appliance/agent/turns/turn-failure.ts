// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever, type HearthError } from "../../../shared/errors/index.ts";
import type { EngineErrorCode, GenerateEvent } from "../../inference/engine/index.ts";
import type { Language } from "../knowledge/index.ts";
import { type FailureKind, turnTexts } from "./turn-texts.ts";
import type { TurnEvent } from "./types.ts";

export type TurnFailure = Extract<TurnEvent, { type: "turn-failed" }>;

/**
 * A failed generation as a failed turn. It may be retried as long as the person has read nothing of it; afterwards the
 * reply is what was said, and that it broke off.
 */
export function failureOfGeneration(
  failed: Extract<GenerateEvent, { type: "failed" }>,
  said: string,
  language: Language,
): TurnFailure {
  const { code, message } = failed;
  const texts = turnTexts[language];
  if (said !== "") {
    const reply = `${said}\n\n${texts.brokenOff}`;
    return { type: "turn-failed", code, message, reply, isRetryable: false };
  }
  const { kind, isRetryable } = kindOf(code);
  const retry = failed.retryAfterMs === undefined || !isRetryable ? {} : { retryAfterMs: failed.retryAfterMs };
  return { type: "turn-failed", code, message, reply: texts[kind], isRetryable, ...retry };
}

/** Anything thrown on the way of a turn. */
export function failureOfError(error: HearthError, said: string, language: Language): TurnFailure {
  const texts = turnTexts[language];
  const { code, message } = error;
  const isUnavailable = code === "engine-unavailable" || code === "model-unavailable";
  if (said !== "") {
    return { type: "turn-failed", code, message, reply: `${said}\n\n${texts.brokenOff}`, isRetryable: false };
  }
  const reply = isUnavailable ? texts.unavailable : texts.internal;
  // What is unreadable now is unreadable next time too.
  const isRetryable = code !== "value-tampered" && code !== "key-destroyed" && code !== "turn-of-another-person";
  return { type: "turn-failed", code, message, reply, isRetryable };
}

/** The question alone does not fit into the model. */
export function failureOfLength(promptTokens: number, contextTokens: number, language: Language): TurnFailure {
  const message = `the question takes ${promptTokens} tokens; the model reads at most ${contextTokens}`;
  const reply = turnTexts[language]["too-long"];
  return { type: "turn-failed", code: "prompt-too-long", message, reply, isRetryable: false };
}

function kindOf(code: EngineErrorCode): { readonly kind: FailureKind; readonly isRetryable: boolean } {
  switch (code) {
    case "queue-full":
      return { kind: "busy", isRetryable: true };
    case "engine-unavailable":
    case "model-unavailable":
      return { kind: "unavailable", isRetryable: true };
    case "decode-failed":
      return { kind: "internal", isRetryable: true };
    case "prompt-too-long":
      return { kind: "too-long", isRetryable: false };
    case "deadline-exceeded":
      return { kind: "late", isRetryable: false };
    case "model-not-found":
      return { kind: "unavailable", isRetryable: false };
    case "invalid-request":
      return { kind: "internal", isRetryable: false };
    default:
      return assertNever(code);
  }
}
