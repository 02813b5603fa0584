// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { idSchema, timeMsSchema } from "./common.ts";

export const knowledgeSourceSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.enum(["handbook", "text", "file", "folder"]),
    path: z.string().optional(),
    passages: z.number().int().nonnegative(),
    sizeBytes: z.number().int().nonnegative(),
    addedMs: timeMsSchema,
    /** The bundled handbook cannot be removed. */
    isRemovable: z.boolean(),
  })
  .openapi("KnowledgeSource");
export type KnowledgeSource = z.infer<typeof knowledgeSourceSchema>;

export const knowledgeListSchema = z.object({ sources: z.array(knowledgeSourceSchema) }).openapi("KnowledgeList");
export type KnowledgeList = z.infer<typeof knowledgeListSchema>;

/** A text, or (control socket only) the path of a file or folder on the box. */
export const addKnowledgeRequestSchema = z
  .union([
    z.strictObject({ title: z.string().trim().min(1).max(256), text: z.string().min(1).max(4_194_304) }),
    z.strictObject({ path: z.string().min(1).max(4096) }),
  ])
  .openapi("AddKnowledgeRequest");
export type AddKnowledgeRequest = z.infer<typeof addKnowledgeRequestSchema>;

/** What was taken in; files that could not be read are named with the reason. */
export const addedKnowledgeSchema = z
  .object({
    sources: z.array(knowledgeSourceSchema),
    skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  })
  .openapi("AddedKnowledge");
export type AddedKnowledge = z.infer<typeof addedKnowledgeSchema>;

export const searchKnowledgeQuerySchema = z.strictObject({
  q: z.string().min(1).max(1024),
  limit: z.coerce.number().int().min(1).max(50).default(5),
});
export type SearchKnowledgeQuery = z.input<typeof searchKnowledgeQuerySchema>;

export const knowledgePassageSchema = z.object({
  sourceId: idSchema,
  title: z.string(),
  heading: z.string(),
  text: z.string(),
  /** Higher is better; comparable within one answer only. */
  score: z.number(),
});

export const knowledgeSearchSchema = z
  .object({ passages: z.array(knowledgePassageSchema) })
  .openapi("KnowledgeSearchResult");
export type KnowledgeSearch = z.infer<typeof knowledgeSearchSchema>;
