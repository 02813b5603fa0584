// SPDX-License-Identifier: AGPL-3.0-only

import { assertNever, type HearthError } from "../../../shared/errors/index.ts";
import type { EngineErrorCode } from "../../inference/engine/index.ts";

/** An error as the OpenAI API says it: `{error: {message, type, param, code}}` with a status. */
export interface OpenAiFailure {
  readonly status: 400 | 401 | 403 | 404 | 408 | 413 | 429 | 500 | 503;
  readonly type:
    | "invalid_request_error"
    | "authentication_error"
    | "permission_error"
    | "rate_limit_error"
    | "server_error";
  readonly code: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** A 400 about one parameter. */
export function invalidRequest(message: string, param: string | null, code: string | null = null): OpenAiFailure {
  return { status: 400, type: "invalid_request_error", code, param, message };
}

/** A 400 for what the API of OpenAI has and this box has not. */
export function unsupported(param: string, message: string): OpenAiFailure {
  return invalidRequest(message, param, "unsupported_parameter");
}

/** A 404 with the name that was asked for. */
export function modelNotFound(model: string): OpenAiFailure {
  const message = `The model '${model}' does not exist on this box. GET /v1/models lists those that do.`;
  return { status: 404, type: "invalid_request_error", code: "model_not_found", param: "model", message };
}

/** A 429; `Retry-After` carries the wait in whole seconds. */
export function tooBusy(message: string, code: string, retryAfterMs: number): OpenAiFailure {
  return { status: 429, type: "rate_limit_error", code, param: null, message, retryAfterMs };
}

function serverFailure(status: 500 | 503, code: string, message: string, retryAfterMs?: number): OpenAiFailure {
  const failure = { status, type: "server_error", code, param: null, message } as const;
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs };
}

/** What an answer that is still made ends with when the box stops. */
export const boxStops: OpenAiFailure = serverFailure(
  503,
  "box_stopping",
  "The box stops. Send the request again when it is up.",
  5000,
);

/** The parameter that carries the prompt of a call. */
export type PromptParam = "messages" | "prompt" | "input";

/** What an engine's code is in the words of the OpenAI API. */
export function failureOfEngineCode(
  code: EngineErrorCode,
  message: string,
  promptParam: PromptParam,
  retryAfterMs?: number,
): OpenAiFailure {
  switch (code) {
    case "queue-full":
      return tooBusy(message, "queue_full", retryAfterMs ?? 1000);
    case "prompt-too-long":
      return invalidRequest(message, promptParam, "context_length_exceeded");
    case "invalid-request":
      return invalidRequest(message, null, "invalid_request");
    case "model-not-found":
      return { status: 404, type: "invalid_request_error", code: "model_not_found", param: "model", message };
    case "model-unavailable":
    case "engine-unavailable":
      return serverFailure(503, code.replace("-", "_"), message, retryAfterMs ?? 2000);
    case "deadline-exceeded":
      return serverFailure(503, "deadline_exceeded", message, retryAfterMs);
    case "decode-failed":
      return serverFailure(500, "decode_failed", message);
    default:
      return assertNever(code);
  }
}

const engineCodes: readonly string[] = [
  "queue-full",
  "prompt-too-long",
  "invalid-request",
  "model-not-found",
  "model-unavailable",
  "engine-unavailable",
  "decode-failed",
  "deadline-exceeded",
] satisfies EngineErrorCode[];

/** Whether a code is one that {@link failureOfEngineCode} knows. */
export function isEngineCode(code: string): code is EngineErrorCode {
  return engineCodes.includes(code);
}

/** What a thrown error is to a client. Only typed errors keep their words: anything else could hold what is not for them. */
export function failureOfError(error: HearthError, promptParam: PromptParam = "messages"): OpenAiFailure {
  if (isEngineCode(error.code)) return failureOfEngineCode(error.code, error.message, promptParam);
  return serverFailure(500, "internal_error", "The box met an unexpected error; its log says more.");
}

/** The JSON body of a failure; in a stream, the data of the error chunk. */
export function failureBody(failure: OpenAiFailure): { error: Record<string, unknown> } {
  const { message, type, param, code } = failure;
  return { error: { message, type, param, code } };
}

/** The HTTP answer of a failure. */
export function failureResponse(failure: OpenAiFailure): Response {
  const headers = new Headers({ "content-type": "application/json" });
  if (failure.retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(failure.retryAfterMs / 1000))));
  }
  if (failure.status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(failureBody(failure)), { status: failure.status, headers });
}
