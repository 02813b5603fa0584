// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { channelPolicySchema, timeMsSchema } from "./common.ts";

export const channelNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "lower-case letters, digits and -, at most 32");

export const connectionStateSchema = z.object({
  status: z.enum(["offline", "connecting", "online", "degraded", "locked", "logged-out"]),
  code: z.string().optional(),
  message: z.string().optional(),
  retryAtMs: timeMsSchema.optional(),
});

export const channelSchema = z
  .object({
    name: z.string(),
    kind: z.string(),
    policy: channelPolicySchema,
    isEnabled: z.boolean(),
    /** Web chat and the OpenAI API: always there, cannot be removed. */
    isBuiltIn: z.boolean(),
    connection: connectionStateSchema,
    /** Configuration as it was given, secrets left out. */
    config: z.record(z.string(), z.unknown()),
    /** Names of the configuration's secrets that are set. */
    secretsSet: z.array(z.string()),
    lastReceivedMs: timeMsSchema.nullable(),
    /** Messages waiting to go out. */
    pending: z.number().int().nonnegative(),
  })
  .openapi("Channel");
export type Channel = z.infer<typeof channelSchema>;

export const channelListSchema = z.object({ channels: z.array(channelSchema) }).openapi("ChannelList");
export type ChannelList = z.infer<typeof channelListSchema>;

/** A kind of channel that can be added; the form of the console is made from `configSchema`. */
export const channelKindSchema = z
  .object({
    kind: z.string(),
    name: z.string(),
    version: z.string(),
    loginKinds: z.array(z.enum(["none", "password", "token", "qr", "code"])),
    /** JSON Schema; `format: "password"` marks a secret. */
    configSchema: z.record(z.string(), z.unknown()),
    capabilities: z.record(z.string(), z.unknown()),
  })
  .openapi("ChannelKind");
export type ChannelKind = z.infer<typeof channelKindSchema>;

export const channelKindListSchema = z.object({ kinds: z.array(channelKindSchema) }).openapi("ChannelKindList");
export type ChannelKindList = z.infer<typeof channelKindListSchema>;

export const createChannelRequestSchema = z
  .strictObject({
    kind: z.string().min(1).max(32),
    name: channelNameSchema,
    policy: channelPolicySchema.default("pairing"),
    config: z.record(z.string(), z.unknown()).default({}),
  })
  .openapi("CreateChannelRequest");
export type CreateChannelRequest = z.input<typeof createChannelRequestSchema>;
/** The request with its defaults filled in. */
export type NewChannel = z.output<typeof createChannelRequestSchema>;

/** Absent fields stay; in `config`, keys given replace, null removes. */
export const updateChannelRequestSchema = z
  .strictObject({
    policy: channelPolicySchema.optional(),
    isEnabled: z.boolean().optional(),
    config: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("UpdateChannelRequest");
export type UpdateChannelRequest = z.infer<typeof updateChannelRequestSchema>;
