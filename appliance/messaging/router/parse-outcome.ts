// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { parseJson } from "../../../shared/json/index.ts";
import type { LiveEvent } from "./types.ts";

const outcomeSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("turn-ended"),
    reply: z.string(),
    reason: z.enum(["stop", "length", "cancelled", "command"]),
    promptTokens: z.number(),
    cachedTokens: z.number(),
    completionTokens: z.number(),
    sources: z.array(z.string()),
  }),
  z.object({
    type: z.literal("turn-failed"),
    code: z.string(),
    message: z.string(),
    reply: z.string(),
    isRetryable: z.boolean(),
    retryAfterMs: z.number().exactOptional(),
  }),
  z.object({
    type: z.literal("refused"),
    reason: z.string(),
    reply: z.string().exactOptional(),
    retryAfterMs: z.number().exactOptional(),
  }),
]);

/** The stored last event of an inbox row. @throws HearthError `invalid-json` */
export function parseOutcome(text: string): LiveEvent {
  return parseJson(text, outcomeSchema, "the outcome of an inbox row");
}
