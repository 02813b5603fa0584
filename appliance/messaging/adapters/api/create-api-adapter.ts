// SPDX-License-Identifier: AGPL-3.0-only
import type { Adapter, AdapterManifest } from "../../protocol/index.ts";

/** The OpenAI model `hearth`: a channel inside the box whose replies leave with the HTTP answer. */
export const apiManifest: AdapterManifest = {
  id: "api",
  name: "OpenAI API",
  version: "1.0.0",
  apiVersion: 1,
  permissions: { hosts: [], listenPorts: [], programs: [], paths: [], stateBytes: 0 },
  capabilities: {
    maxTextLength: 1_000_000,
    markup: "markdown",
    groups: "no",
    typing: "no",
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

/**
 * The adapter of the OpenAI API. Its client reads the reply from the live view of its own request, so the outbox row is
 * settled as soon as it is met; it is written all the same, because it is the record that there was one reply.
 */
export function createApiAdapter(): Adapter {
  return {
    connect: async () => undefined,
    disconnect: async () => undefined,
    send: async () => ({ status: "accepted" }),
    capabilities: () => apiManifest.capabilities,
    health: () => ({ lastReceivedMs: null, pending: 0 }),
  };
}
