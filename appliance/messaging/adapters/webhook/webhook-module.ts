// SPDX-License-Identifier: AGPL-3.0-only
import type { AdapterModule } from "../../protocol/index.ts";
import { createWebhookAdapter } from "./create-webhook-adapter.ts";
import { webhookConfigSchema } from "./webhook-config.ts";
import { webhookManifest } from "./webhook-manifest.ts";

/** The webhook channel as the registry loads it. */
export const webhookModule: AdapterModule = {
  manifest: webhookManifest,
  parseConfig: (config) => webhookConfigSchema.parse(config),
  create: createWebhookAdapter,
};
