// SPDX-License-Identifier: AGPL-3.0-only
import type { Channel, ChannelKindList, Person } from "../../../appliance/lan/http-api/index.ts";

const minuteMs = 60_000;

const plainText = { type: "string" } as const;

/** The kinds of channels that can be added. */
export function kinds(): ChannelKindList {
  return {
    kinds: [
      {
        kind: "xmpp",
        name: "XMPP",
        version: "1.0.0",
        loginKinds: ["password"],
        configSchema: {
          type: "object",
          properties: {
            jid: plainText,
            password: { type: "string", format: "password" },
            host: plainText,
            tls: { type: "string", enum: ["starttls", "direct", "none"], default: "starttls" },
            caCertificate: { type: "string", maxLength: 65_536 },
            rooms: { type: "array", items: { type: "object" }, default: [] },
          },
          required: ["jid", "password"],
        },
        capabilities: {},
      },
      {
        kind: "webhook",
        name: "Webhook",
        version: "1.0.0",
        loginKinds: ["token"],
        configSchema: {
          type: "object",
          properties: {
            secret: { type: "string", format: "password" },
            callback: { type: "string", format: "uri", description: "URL that replies are posted to" },
          },
          required: ["secret"],
        },
        capabilities: {},
      },
    ],
  };
}

/** Channels, one of them impaired. */
export function channels(nowMs: number): Channel[] {
  const base = { isEnabled: true, config: {}, secretsSet: [], pending: 0 };
  return [
    {
      ...base,
      name: "web-chat",
      kind: "web-chat",
      policy: "closed",
      isBuiltIn: true,
      connection: { status: "online" },
      lastReceivedMs: nowMs - 3 * minuteMs,
    },
    {
      ...base,
      name: "xmpp",
      kind: "xmpp",
      policy: "pairing",
      isBuiltIn: false,
      connection: { status: "online" },
      config: { jid: "agent@shop.example" },
      secretsSet: ["password"],
      lastReceivedMs: nowMs - 12 * minuteMs,
    },
    {
      ...base,
      name: "till",
      kind: "webhook",
      policy: "anyone",
      isBuiltIn: false,
      connection: {
        status: "degraded",
        code: "callback-refused",
        message: "the callback http://till.shop.example/hearth answered 503; the reply is sent again",
        retryAtMs: nowMs + minuteMs,
      },
      config: { callback: "http://till.shop.example/hearth" },
      secretsSet: ["secret"],
      lastReceivedMs: null,
      pending: 1,
    },
  ];
}

/** An owner, a member and somebody blocked. */
export function people(nowMs: number): Person[] {
  const createdMs = nowMs - 5000 * minuteMs;
  return [
    { id: "per_1", name: "Ada", role: "owner", isBlocked: false, createdMs, lastSeenMs: nowMs, identities: [] },
    {
      id: "per_2",
      name: "Bo Lin",
      role: "member",
      isBlocked: false,
      createdMs,
      lastSeenMs: nowMs - 12 * minuteMs,
      identities: [{ channel: "xmpp", address: "bo@shop.example" }],
    },
    {
      id: "per_3",
      name: "Spammer",
      role: "guest",
      isBlocked: true,
      createdMs,
      lastSeenMs: null,
      identities: [{ channel: "till", address: "+49 30 0000000" }],
    },
  ];
}
