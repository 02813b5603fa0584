// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { AdapterManifest } from "../../protocol/index.ts";
import { webhookConfigSchema } from "./webhook-config.ts";

/** Signed HTTP in and out, for programs of the owner's own. */
export const webhookManifest: AdapterManifest = {
  id: "webhook",
  name: "Webhook",
  version: "1.0.0",
  apiVersion: 1,
  permissions: { hosts: ["{callback}"], listenPorts: [], programs: [], paths: [], stateBytes: 0 },
  capabilities: {
    maxTextLength: 32_768,
    markup: "markdown",
    groups: "no",
    typing: "no",
    streaming: "no",
    receipts: "no",
    encryption: "transport",
    isSenderVerified: true,
    // The contract with the other side: the same `id` again is the same message.
    delivery: "idempotent",
    canProbe: false,
  },
  loginKinds: ["none"],
  configSchema: z.toJSONSchema(webhookConfigSchema, { io: "input" }),
};
