// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "@hono/zod-openapi";
import { describeIssue } from "../openai-api/index.ts";
import { apiErrorResponse } from "./api-error.ts";

const wholes: Readonly<Record<string, string>> = { json: "The body", query: "The query", param: "The address" };

/** Answers what does not fit a route's schema: the place and the rule in plain words, never the value. */
export function refuseInvalid(
  result: { readonly success: true } | { readonly success: false; readonly error: z.ZodError; readonly target: string },
): Response | undefined {
  if (result.success) return undefined;
  return apiErrorResponse(400, {
    code: "invalid-request",
    message: describeIssue(result.error, wholes[result.target] ?? "The request").sentence,
    remedy:
      "Correct that and try again. A command of hearth says with --help what it takes; GET /api/openapi.json describes every request.",
  });
}
