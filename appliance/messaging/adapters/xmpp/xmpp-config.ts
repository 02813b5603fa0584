// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";

const loopbackHosts = ["127.0.0.1", "::1", "localhost"];
const bareAddress = /^[^@/\s<>"'&]{1,256}@[^@/\s<>"'&]{1,255}$/;

/** The configuration of an XMPP account. */
export const xmppConfigSchema = z
  .strictObject({
    jid: z
      .string()
      .regex(bareAddress, "an address such as box@example.org")
      .meta({ description: "Address of the account" }),
    password: z.string().min(1).max(512).meta({ format: "password", description: "Password of the account" }),
    /** Where to connect, when it is not what the DNS says of the address's domain. */
    host: z
      .string()
      .min(1)
      .max(255)
      .exactOptional()
      .meta({ description: "Server to connect to; without it the DNS of the address's domain says" }),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .exactOptional()
      .meta({ description: "Port of the server; 5222, or 5223 for direct TLS, where the DNS says nothing" }),
    /**
     * `starttls`: required, never skipped; `direct`: TLS from the first byte; `none`: no encryption, only to a server on
     * this machine.
     */
    tls: z
      .enum(["starttls", "direct", "none"])
      .default("starttls")
      .meta({ description: "starttls (required, never skipped), direct, or none for a server on this machine" }),
    /** The certificate (PEM) that signed the server's, when no public authority did. */
    caCertificate: z
      .string()
      .max(65_536)
      .exactOptional()
      .meta({ description: "Certificate (PEM) that signed the server's, when no public authority did" }),
    rooms: z
      .array(z.strictObject({ room: z.string().regex(bareAddress), nick: z.string().min(1).max(64).default("Hearth") }))
      .max(64)
      .default([])
      .meta({ description: "Rooms to be in; the box answers there when its nickname is said" }),
    /** How often a silent connection is checked. A dead one is found within two of these. */
    keepAliveSeconds: z.number().min(0.2).max(600).default(30).meta({
      description: "How often a silent connection is checked, seconds; a dead one is found within two of these",
    }),
  })
  .refine((config) => config.tls !== "none" || loopbackHosts.includes(config.host ?? ""), {
    path: ["tls"],
    message: 'a connection without TLS is allowed only to a server on this machine (host "127.0.0.1")',
  });
export type XmppConfig = z.infer<typeof xmppConfigSchema>;
