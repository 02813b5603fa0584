// SPDX-License-Identifier: AGPL-3.0-only
import { isIP } from "node:net";

const privateSuffixes = [".local", ".lan", ".home.arpa", ".internal", ".localhost"];
// Loopback, RFC 1918, and the range that carriers and overlay networks use (RFC 6598).
const privateIpv4 = /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const privateIpv6 = /^(::1$|f[cd][0-9a-f]{2}:)/;

/** Whether a host is on this machine or the private network, where a message may go without TLS. */
export function isPlainHttpAllowed(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  if (isIP(host) === 4) return privateIpv4.test(host);
  if (isIP(host) === 6) return privateIpv6.test(host);
  return !host.includes(".") || privateSuffixes.some((suffix) => host.endsWith(suffix));
}
