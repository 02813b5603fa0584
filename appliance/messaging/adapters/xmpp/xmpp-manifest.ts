// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { AdapterManifest } from "../../protocol/index.ts";
import { xmppConfigSchema } from "./xmpp-config.ts";

/** XMPP (Jabber), as an account on any server. */
export const xmppManifest: AdapterManifest = {
  id: "xmpp",
  name: "XMPP",
  version: "1.0.0",
  apiVersion: 1,
  permissions: { hosts: ["{host}", "{jid}"], listenPorts: [], programs: [], paths: [], stateBytes: 4096 },
  capabilities: {
    maxTextLength: 10_000,
    markup: "none",
    // Answers when its nickname is said; of what was said while it was away it gets what the room still shows.
    groups: "degraded",
    typing: "full",
    streaming: "no",
    receipts: "full",
    encryption: "transport",
    isSenderVerified: true,
    // A server does not know a repeated message, so none is repeated blindly: the archive is asked.
    delivery: "at-most-once",
    canProbe: true,
  },
  loginKinds: ["password"],
  configSchema: z.toJSONSchema(xmppConfigSchema, { io: "input" }),
};
