// SPDX-License-Identifier: AGPL-3.0-only

/** An address without its resource, in lower case (the parts before the resource compare without case). */
export function bareAddress(address: string): string {
  const slash = address.indexOf("/");
  return (slash < 0 ? address : address.slice(0, slash)).toLowerCase();
}

/** The resource of an address, which in a room is the nickname; empty when there is none. */
export function resourceOf(address: string): string {
  const slash = address.indexOf("/");
  return slash < 0 ? "" : address.slice(slash + 1);
}
