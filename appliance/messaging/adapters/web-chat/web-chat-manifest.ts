// SPDX-License-Identifier: AGPL-3.0-only
import type { AdapterManifest } from "../../protocol/index.ts";

/** The web chat of the console: a channel inside the box, whose sender a session has already proved. */
export const webChatManifest: AdapterManifest = {
  id: "web-chat",
  name: "Web chat",
  version: "1.0.0",
  apiVersion: 1,
  permissions: { hosts: [], listenPorts: [], programs: [], paths: [], stateBytes: 0 },
  capabilities: {
    maxTextLength: 100_000,
    markup: "markdown",
    groups: "no",
    typing: "full",
    streaming: "full",
    receipts: "no",
    encryption: "transport",
    isSenderVerified: true,
    delivery: "idempotent",
    canProbe: false,
  },
  loginKinds: ["none"],
  configSchema: { type: "object", properties: {}, additionalProperties: false },
};
