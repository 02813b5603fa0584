// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";

/** How well a feature works on a channel. */
export const capabilityLevelSchema = z.enum(["no", "degraded", "full"]);
export type CapabilityLevel = z.infer<typeof capabilityLevelSchema>;

/** What a chat on this channel can do; honest, and exercised by the conformance suite. */
export const chatCapabilitiesSchema = z.object({
  maxTextLength: z.number().int().positive(),
  markup: z.enum(["none", "markdown", "html"]),
  groups: capabilityLevelSchema,
  typing: capabilityLevelSchema,
  streaming: capabilityLevelSchema,
  receipts: capabilityLevelSchema,
  /** Where encryption ends. */
  encryption: z.enum(["none", "transport", "end-to-end"]),
  /** Whether the sender's identity is vouched for by the channel. */
  isSenderVerified: z.boolean(),
  /** What the remote side makes of our `clientId`. */
  delivery: z.enum(["at-most-once", "at-least-once", "idempotent"]),
  /** Whether an unknown send can be cleared up by asking. */
  canProbe: z.boolean(),
});
export type ChatCapabilities = z.infer<typeof chatCapabilitiesSchema>;

/** Read before any code of the adapter runs. */
export const adapterManifestSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,31}$/),
  name: z.string().max(64),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  apiVersion: z.literal(1),
  permissions: z.object({
    hosts: z.array(z.string()),
    listenPorts: z.array(z.number().int()),
    programs: z.array(z.string()),
    paths: z.array(z.string()),
    stateBytes: z.number().int().nonnegative(),
  }),
  capabilities: chatCapabilitiesSchema,
  loginKinds: z.array(z.enum(["none", "password", "token", "qr", "code"])),
  /** JSON Schema of the configuration; `format: "password"` marks a secret. */
  configSchema: z.record(z.string(), z.unknown()),
});
export type AdapterManifest = z.infer<typeof adapterManifestSchema>;
