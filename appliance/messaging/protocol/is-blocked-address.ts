// SPDX-License-Identifier: AGPL-3.0-only

// "This network" (RFC 1122), link-local (RFC 3927), multicast, reserved and broadcast (RFC 1112), and where clouds keep
// the metadata and keys of a machine outside link-local: Alibaba, Azure, Oracle.
const blockedIpv4 = /^(0|22[4-9]|2[34]\d|25[0-5])\.|^169\.254\.|^(100\.100\.100\.200|168\.63\.129\.16|192\.0\.0\.192)$/;

/** The eight groups of an IPv6 address in the canonical form that `URL` writes, which has no dotted part. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const parse = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [first, last] = [parse(head), parse(tail ?? "")];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

/** The IPv4 address inside an IPv6 one: mapped (RFC 4291), compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function embeddedIpv4(groups: readonly number[]): string | undefined {
  const dotted = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join(".");
  const isZeroUntil = (end: number): boolean => groups.slice(0, end).every((group) => group === 0);
  const isMapped = isZeroUntil(5) && groups[5] === 0xffff;
  // `::1` would be 0.0.0.1: loopback is no IPv4 address.
  const isCompatible = isZeroUntil(6) && groups[6] !== 0;
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  if (isMapped || isCompatible || isNat64) return dotted(groups[6], groups[7]);
  return groups[0] === 0x2002 ? dotted(groups[1], groups[2]) : undefined;
}

function isBlockedIpv6(address: string): boolean {
  const groups = groupsOf(address);
  const [first = 0] = groups;
  if (groups.every((group) => group === 0)) return true;
  if ((first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00) return true;
  // The metadata of AWS, by its address in the private range.
  if (address === "fd00:ec2::254") return true;
  const inside = embeddedIpv4(groups);
  return inside !== undefined && blockedIpv4.test(inside);
}

/**
 * Whether an IP address, in any spelling, is one that no adapter may send to: unspecified, link-local, multicast or
 * reserved ones, and those of cloud metadata. Loopback and private networks are not blocked; a name is no address.
 */
export function isBlockedAddress(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
  const url = `http://${bare.includes(":") ? `[${bare}]` : bare}/`;
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  if (hostname.startsWith("[")) return isBlockedIpv6(hostname.slice(1, -1));
  return /^[\d.]+$/.test(hostname) && blockedIpv4.test(hostname);
}
