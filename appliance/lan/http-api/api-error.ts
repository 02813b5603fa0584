// SPDX-License-Identifier: AGPL-3.0-only
import type { HearthError } from "../../../shared/errors/index.ts";
import type { ApiError } from "./schemas/common.ts";

/** Statuses of `/api`'s errors. */
export type ApiErrorStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 421 | 429 | 500 | 503;

const statusOfCode: Readonly<Record<string, ApiErrorStatus>> = {
  "not-signed-in": 401,
  forbidden: 403,
  "last-owner": 409,
  "knowledge-handbook": 409,
  "knowledge-path-missing": 404,
  "not-found": 404,
  conflict: 409,
  "queue-full": 429,
  "rate-limited": 429,
  "engine-unavailable": 503,
  "model-unavailable": 503,
  "appliance-not-running": 503,
};

const statusOfEnding: readonly (readonly [string, ApiErrorStatus])[] = [
  ["-not-found", 404],
  ["-unknown", 404],
  ["-taken", 409],
  ["-exists", 409],
  ["-built-in", 409],
  ["-in-use", 409],
  ["-invalid", 400],
  ["-expired", 400],
  ["-forbidden", 403],
  ["-not-allowed", 403],
  ["-unavailable", 503],
];

const statusOfBeginning: readonly (readonly [string, ApiErrorStatus])[] = [
  ["unknown-", 404],
  ["invalid-", 400],
  ["duplicate-", 409],
  ["knowledge-", 400],
  ["model-", 400],
  ["gguf-", 400],
];

/** The status that fits a typed error's code; 500 for what nobody expected. */
export function statusOfErrorCode(code: string): ApiErrorStatus {
  return (
    statusOfCode[code] ??
    statusOfEnding.find(([ending]) => code.endsWith(ending))?.[1] ??
    statusOfBeginning.find(([beginning]) => code.startsWith(beginning))?.[1] ??
    500
  );
}

/** The JSON answer of an error. */
export function apiErrorResponse(status: ApiErrorStatus, error: ApiError["error"], headers?: HeadersInit): Response {
  return Response.json({ error } satisfies ApiError, headers === undefined ? { status } : { status, headers });
}

/** A typed error's answer. An unexpected one keeps its words to the log: they could hold what is not for the caller. */
export function responseOfError(error: HearthError): Response {
  const status = statusOfErrorCode(error.code);
  if (status === 500 && error.remedy === undefined) {
    return apiErrorResponse(500, {
      code: "internal",
      message: "The box met an unexpected error.",
      remedy: "Look at 'hearth logs' for the event http-request-failed.",
    });
  }
  const { code, message, remedy } = error;
  return apiErrorResponse(status, remedy === undefined ? { code, message } : { code, message, remedy });
}
