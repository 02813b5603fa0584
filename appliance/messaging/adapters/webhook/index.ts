// SPDX-License-Identifier: AGPL-3.0-only
export type { WebhookAdapter } from "./create-webhook-adapter.ts";
export { createWebhookAdapter, maximumHookBytes } from "./create-webhook-adapter.ts";
export type { DecodedHook } from "./decode-hook.ts";
export { decodeHook } from "./decode-hook.ts";
export { encodeCallback } from "./encode-callback.ts";
export type { WebhookConfig } from "./webhook-config.ts";
export { webhookConfigSchema } from "./webhook-config.ts";
export { webhookManifest } from "./webhook-manifest.ts";
export { webhookModule } from "./webhook-module.ts";
export { isSignedBy, signatureHeader, signBody } from "./webhook-signature.ts";
