// SPDX-License-Identifier: AGPL-3.0-only
import type { EngineErrorCode } from "../engine/index.ts";
import { errorSchema } from "./openai-wire.ts";

/** What a refused request means to us. */
export interface HttpFailure {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const longestRetryMs = 3_600_000;
const defaultRetryMs = 1000;

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(value: string | null, nowMs: number): number {
  if (value === null || value.trim() === "") return defaultRetryMs;
  const seconds = Number(value);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(milliseconds)
    ? Math.min(longestRetryMs, Math.max(0, Math.round(milliseconds)))
    : defaultRetryMs;
}

/** The server's own words, cut short; an error of a model server does not quote the prompt, but it may. */
function words(body: string): { readonly message: string; readonly code: string } {
  try {
    const { error } = errorSchema.parse(JSON.parse(body));
    if (typeof error === "string") return { message: error.slice(0, 300), code: "" };
    return { message: (error.message ?? "").slice(0, 300), code: String(error.code ?? error.type ?? "") };
  } catch {
    // Not every server answers errors in JSON; the status says enough.
    return { message: "", code: "" };
  }
}

/** Maps an HTTP status and body to an engine error. Pure. */
export function httpFailure(status: number, retryAfter: string | null, body: string, nowMs: number): HttpFailure {
  const { code, message } = words(body);
  const said = message === "" ? `the model server answered with status ${status}` : message;
  if (status === 429) return { code: "queue-full", message: said, retryAfterMs: retryAfterMs(retryAfter, nowMs) };
  if (status === 503 && retryAfter !== null) {
    return { code: "queue-full", message: said, retryAfterMs: retryAfterMs(retryAfter, nowMs) };
  }
  if (status === 401 || status === 403) {
    return { code: "engine-unavailable", message: `the model server refused the key (status ${status})` };
  }
  if (status === 404) return { code: "model-not-found", message: said };
  const isTooLong =
    /context_length_exceeded|exceed_context_size/.test(code) ||
    /context (length|size|window)|too many tokens|prompt is too long/i.test(message);
  if (status === 413 || (status === 400 && isTooLong)) return { code: "prompt-too-long", message: said };
  if (status >= 400 && status < 500) return { code: "invalid-request", message: said };
  return { code: "engine-unavailable", message: said };
}
