// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { timeMsSchema } from "./common.ts";

export const modelSchema = z
  .object({
    id: z.string(),
    path: z.string().optional(),
    architecture: z.string().optional(),
    parameterCount: z.number().optional(),
    sizeBytes: z.number().optional(),
    quantization: z.string().optional(),
    contextTokens: z.number(),
    isLoaded: z.boolean(),
    isGuide: z.boolean(),
    isDefault: z.boolean(),
    canEmbed: z.boolean(),
    canCallTools: z.boolean(),
    licence: z.string().optional(),
    createdMs: timeMsSchema.optional(),
    /** Why the file cannot be used; without `sizeBytes` it is gone. */
    problem: z.string().optional(),
  })
  .openapi("Model");
export type Model = z.infer<typeof modelSchema>;

export const modelListSchema = z.object({ models: z.array(modelSchema) }).openapi("ModelList");
export type ModelList = z.infer<typeof modelListSchema>;

/** A model's id. A path of a local GGUF is taken over the control socket (the CLI) only. */
export const modelRequestSchema = z.strictObject({ model: z.string().min(1).max(4096) }).openapi("ModelRequest");
export type ModelRequest = z.infer<typeof modelRequestSchema>;

/** What a GGUF says about itself and whether it fits here, before anything is loaded. */
export const modelInspectionSchema = z
  .object({
    id: z.string(),
    path: z.string().optional(),
    architecture: z.string().optional(),
    name: z.string().optional(),
    parameterCount: z.number().optional(),
    sizeBytes: z.number().optional(),
    quantization: z.string().optional(),
    trainedContextTokens: z.number().optional(),
    layers: z.number().optional(),
    hasChatTemplate: z.boolean(),
    canEmbed: z.boolean(),
    canCallTools: z.boolean(),
    licence: z.string().optional(),
    memory: z
      .object({
        weightsBytes: z.number(),
        contextBytes: z.number(),
        neededBytes: z.number(),
        availableBytes: z.number(),
        contextTokens: z.number(),
        fits: z.boolean(),
      })
      .optional(),
    /** Warnings for the operator. */
    problems: z.array(z.string()),
  })
  .openapi("ModelInspection");
export type ModelInspection = z.infer<typeof modelInspectionSchema>;
