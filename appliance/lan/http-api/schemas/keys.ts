// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { idSchema, timeMsSchema } from "./common.ts";

/**
 * What a key may do: `models` the bare models of `/v1`, `agent` the model `hearth`, `metrics` reads `/metrics`,
 * `read` reads `/api`, `admin` everything.
 */
export const keyScopeSchema = z.enum(["models", "agent", "metrics", "read", "admin"]);
export type KeyScope = z.infer<typeof keyScopeSchema>;

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(keyScopeSchema),
    personId: z.string(),
    createdMs: timeMsSchema,
    expiresMs: timeMsSchema.nullable(),
    lastUsedMs: timeMsSchema.nullable(),
  })
  .openapi("ApiKey");
export type ApiKey = z.infer<typeof apiKeySchema>;

export const apiKeyListSchema = z.object({ keys: z.array(apiKeySchema) }).openapi("ApiKeyList");
export type ApiKeyList = z.infer<typeof apiKeyListSchema>;

export const createApiKeyRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(64),
    scopes: z.array(keyScopeSchema).min(1).default(["models", "agent"]),
    /** Whose key it is; absent: the caller's. */
    personId: idSchema.optional(),
    expiresInDays: z.number().int().min(1).max(3650).optional(),
  })
  .openapi("CreateApiKeyRequest");
export type CreateApiKeyRequest = z.input<typeof createApiKeyRequestSchema>;

/** `key` is shown this once and kept as a hash only. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() }).openapi("CreatedApiKey");
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
