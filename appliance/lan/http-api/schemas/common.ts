// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

/** Every error of `/api`: what happened, what it means, what to do. */
export const apiErrorSchema = z
  .object({
    error: z.object({
      /** Stable, kebab-case. */
      code: z.string(),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  })
  .openapi("Error");
export type ApiError = z.infer<typeof apiErrorSchema>;

/** A text that people read, in both languages of the box. */
export const localizedTextSchema = z.object({ en: z.string(), zh: z.string() }).openapi("LocalizedText");
export type LocalizedText = z.infer<typeof localizedTextSchema>;

/** An id in a path, of any kind. */
export const idSchema = z.string().min(1).max(256);

/** Milliseconds since 1970-01-01 UTC. */
export const timeMsSchema = z.number().int().nonnegative();

/** Part of a list: `after` is the `next` of the answer before, of the form that this list gives. */
export function pageQuerySchema(cursorForm: RegExp) {
  return z.strictObject({
    after: z.string().regex(cursorForm, "it must be the 'next' of the page before").optional(),
    limit: limitSchema,
  });
}

/** How many entries of a list. */
export const limitSchema = z.coerce.number().int().min(1).max(500).default(100);

export const roleSchema = z.enum(["owner", "operator", "member", "guest"]);
export const channelPolicySchema = z.enum(["closed", "pairing", "anyone"]);
