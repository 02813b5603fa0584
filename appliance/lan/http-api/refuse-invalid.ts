// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "@hono/zod-openapi";
import { apiErrorResponse } from "./api-error.ts";

/** Answers what does not fit a route's schema: the place and the rule, never the value. */
export function refuseInvalid(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError; readonly target: string },
): Response | undefined {
  if (result.success) return undefined;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? result.target : issue.path.join(".");
  const message = `The request is not as described at '${place}': ${issue?.message ?? "invalid"}.`;
  return apiErrorResponse(400, {
    code: "invalid-request",
    message,
    remedy: "GET /api/openapi.json describes every request.",
  });
}
