// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever, toHearthError } from "../../../shared/errors/index.ts";
import type { FinishReason } from "../../inference/engine/index.ts";
import type { InboundEvent } from "../../messaging/protocol/index.ts";
import type { LiveEvent, MessageRouter } from "../../messaging/router/index.ts";
import type { CompletionEvent } from "./completion-event.ts";
import {
  failureOfEngineCode,
  failureOfError,
  invalidRequest,
  isEngineCode,
  type OpenAiFailure,
  tooBusy,
} from "./openai-failure.ts";
import { boxStopsReason } from "./until-ending.ts";

/** The channel of the box under which what comes through `/v1` for the model `hearth` is kept. */
export const apiChannel = "api";

/** The model that is the whole agent: gateway, session, memory, knowledge, commands. */
export const agentModel = "hearth";

/**
 * One answer of the agent: the message is admitted durably, then its turn is watched. Aborting `signal` (the client
 * left) stops the turn as `/stop` would; the message and what was said until then stay in the session.
 */
export async function* agentCompletion(
  router: MessageRouter,
  message: InboundEvent,
  signal: AbortSignal,
): AsyncGenerator<CompletionEvent> {
  try {
    const { inboxId } = await router.admit(apiChannel, message);
    const cancel = (): void => {
      // When it is the box that stops, the turn is taken up again at the next start: a repeated call finds its answer.
      if (signal.reason !== boxStopsReason) router.cancel({ inboxId });
    };
    if (signal.aborted) return cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      yield* translate(router.watch(inboxId, signal));
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  } catch (thrown) {
    yield { type: "failed", failure: failureOfError(toHearthError(thrown)) };
  }
}

async function* translate(events: AsyncIterable<LiveEvent>): AsyncGenerator<CompletionEvent> {
  let said = "";
  for await (const event of events) {
    switch (event.type) {
      case "turn-queued":
      case "turn-resumed":
        yield { type: "waiting" };
        break;
      case "turn-started":
        yield { type: "started", model: agentModel };
        break;
      case "turn-delta":
        said += event.text;
        yield { type: "delta", text: event.text };
        break;
      case "turn-ended": {
        // A command's reply has no deltas, and the gateway may have changed the end of what was streamed.
        const rest = event.reply.startsWith(said) ? event.reply.slice(said.length) : "";
        if (rest !== "") yield { type: "delta", text: rest };
        const { promptTokens, cachedTokens, completionTokens } = event;
        yield {
          type: "ended",
          reason: finishReason(event.reason),
          usage: { promptTokens, cachedTokens, completionTokens },
        };
        return;
      }
      case "turn-failed":
        yield { type: "failed", failure: failureOfTurn(event) };
        return;
      case "refused":
        yield { type: "failed", failure: failureOfRefusal(event) };
        return;
      default:
        assertNever(event);
    }
  }
}

function finishReason(reason: "stop" | "length" | "cancelled" | "command"): FinishReason {
  return reason === "command" ? "stop" : reason;
}

function failureOfTurn(event: Extract<LiveEvent, { type: "turn-failed" }>): OpenAiFailure {
  if (isEngineCode(event.code)) return failureOfEngineCode(event.code, event.reply, "messages", event.retryAfterMs);
  const status = event.isRetryable ? 503 : 500;
  const failure = { status, type: "server_error", code: event.code.replaceAll("-", "_"), param: null } as const;
  const wait = event.retryAfterMs === undefined ? {} : { retryAfterMs: event.retryAfterMs };
  return { ...failure, message: event.reply, ...wait };
}

function failureOfRefusal(event: Extract<LiveEvent, { type: "refused" }>): OpenAiFailure {
  const message = event.reply ?? `The gateway did not take the message: ${event.reason}.`;
  switch (event.reason) {
    case "rate-limited":
      return tooBusy(message, "rate_limited", event.retryAfterMs ?? 1000);
    case "too-large":
      return { status: 413, type: "invalid_request_error", code: "message_too_large", param: "messages", message };
    case "empty":
      return invalidRequest(message, "messages", "empty_message");
    default:
      return { status: 403, type: "permission_error", code: event.reason.replaceAll("-", "_"), param: null, message };
  }
}
