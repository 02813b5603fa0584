// SPDX-License-Identifier: AGPL-3.0-only
import { resolveSrv } from "node:dns/promises";
import type { XmppConfig } from "./xmpp-config.ts";

/** Where to connect: what the owner set, else what the DNS says of the domain (RFC 6120, 3.2), else the domain itself. */
export async function resolveServer(config: XmppConfig): Promise<{ host: string; port: number }> {
  const domain = config.jid.slice(config.jid.lastIndexOf("@") + 1);
  const isDirect = config.tls === "direct";
  const port = config.port ?? (isDirect ? 5223 : 5222);
  if (config.host !== undefined) return { host: config.host, port };
  try {
    const records = await resolveSrv(`_${isDirect ? "xmpps" : "xmpp"}-client._tcp.${domain}`);
    const best = records.sort((one, other) => one.priority - other.priority || other.weight - one.weight)[0];
    if (best !== undefined && best.name !== "") return { host: best.name, port: best.port };
  } catch {
    // No such record, or no DNS: the domain itself is the answer that is left.
  }
  return { host: domain, port };
}
