// SPDX-License-Identifier: AGPL-3.0-only
import type { RateLimiter } from "../../../gateway/rate-limit/index.ts";
import { failureResponse, tooBusy } from "../../openai-api/index.ts";
import { apiErrorResponse } from "../api-error.ts";
import type { HttpConnection } from "../http-environment.ts";

/**
 * Counts a wrong key or sign-in token against the socket's address; a 429 when there were too many. Ask after the token
 * was checked and found wrong: what is right is never refused for what another program of the same address tried.
 */
export function refuseGuessing(limiter: RateLimiter, { peer }: HttpConnection, path: string): Response | undefined {
  if (peer.kind !== "network") return undefined;
  const decision = limiter.take({ limit: "signIn", key: peer.address });
  if (decision.isAllowed) return undefined;
  const seconds = Math.max(1, Math.ceil(decision.retryAfterMs / 1000));
  const message = `Too many wrong keys or sign-in links came from this address. Try again in ${seconds} s.`;
  if (path.startsWith("/v1/")) return failureResponse(tooBusy(message, "too_many_wrong_keys", decision.retryAfterMs));
  const remedy = "A right key or link works at once. Check the one that is sent.";
  return apiErrorResponse(429, { code: "rate-limited", message, remedy }, { "retry-after": String(seconds) });
}
