// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever, toHearthError } from "../../../shared/errors/index.ts";
import type { Engine, GenerateEvent, GenerateRequest } from "../../inference/engine/index.ts";
import type { CompletionEvent } from "./completion-event.ts";
import { failureOfEngineCode, failureOfError, type PromptParam } from "./openai-failure.ts";

/** One generation of the bare engine. Aborting `signal` ends it within one step. */
export async function* engineCompletion(
  engine: Engine,
  request: GenerateRequest,
  promptParam: PromptParam,
  signal: AbortSignal,
): AsyncGenerator<CompletionEvent> {
  try {
    for await (const event of engine.generate(request, signal)) yield toCompletionEvent(event, promptParam);
  } catch (thrown) {
    // The contract says that streams never reject; a back-end that breaks it must not take the connection with it.
    yield { type: "failed", failure: failureOfError(toHearthError(thrown), promptParam) };
  }
}

function toCompletionEvent(event: GenerateEvent, promptParam: PromptParam): CompletionEvent {
  switch (event.type) {
    case "queued":
    case "resumed":
      return { type: "waiting" };
    case "started":
      return { type: "started", model: event.model };
    case "delta":
    case "tool-call":
      return event;
    case "end":
      return { type: "ended", reason: event.reason, usage: event.usage };
    case "failed":
      return {
        type: "failed",
        failure: failureOfEngineCode(event.code, event.message, promptParam, event.retryAfterMs),
      };
    default:
      return assertNever(event);
  }
}
