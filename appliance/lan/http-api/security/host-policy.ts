// SPDX-License-Identifier: AGPL-3.0-only
import { isIP } from "node:net";

/** Under which names the box may be called. */
export interface HostPolicy {
  /** The host it listens on, such as `127.0.0.1`, `::` or `192.168.1.5`. */
  readonly listenHost: string;
  /** Names of its own, lower-case, such as `hearth-1a2b.local`. */
  readonly allowedHosts: readonly string[];
}

const loopbackHosts: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** The host of a Host header, lower-case, without port and brackets; null when it is not one. */
export function parseHostHeader(header: string | null | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}

/**
 * Whether a request may be answered under this Host header. DNS rebinding needs a *name* that an attacker controls, so
 * names are a closed list; an IP literal is taken beyond loopback when the box listens beyond loopback, since a page
 * served under it was served by this box.
 */
export function isHostAllowed(policy: HostPolicy, header: string | null | undefined): boolean {
  const host = parseHostHeader(header);
  if (host === null) return false;
  if (loopbackHosts.includes(host) || policy.allowedHosts.includes(host)) return true;
  if (host === policy.listenHost.toLowerCase()) return true;
  return isIP(host) !== 0 && !loopbackHosts.includes(policy.listenHost);
}

/** Whether an Origin header names the very host and port that the request was sent to. `null` (a sandboxed page) does not. */
export function isSameOrigin(origin: string, hostHeader: string): boolean {
  try {
    const url = new URL(origin);
    if (url.protocol !== "http:" && url.protocol !== "https:") return false;
    return url.host === new URL(`${url.protocol}//${hostHeader}`).host && url.origin === origin;
  } catch {
    // Not a URL, so nobody's origin.
    return false;
  }
}
