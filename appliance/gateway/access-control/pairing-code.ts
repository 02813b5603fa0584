// SPDX-License-Identifier: AGPL-3.0-only

/** 32 signs that nobody mixes up when reading them out: no 0 and O, no 1 and I. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const codeLength = 8;

/** A code of 40 random bits, such as `7KQM-W3PZ`. `randomBytes` gives that many unguessable bytes. */
export function makePairingCode(randomBytes: (count: number) => Uint8Array): string {
  // 256 is a multiple of 32, so that every sign is as likely as every other.
  const signs = Array.from(randomBytes(codeLength), (byte) => alphabet[byte % alphabet.length] ?? "");
  return `${signs.slice(0, 4).join("")}-${signs.slice(4).join("")}`;
}

/** The code as somebody typed it (case, spaces and dashes do not matter); undefined when it cannot be one. */
export function readPairingCode(typed: string): string | undefined {
  const signs = typed.toUpperCase().replace(/[\s\p{Pd}]/gu, "");
  if (signs.length !== codeLength || [...signs].some((sign) => !alphabet.includes(sign))) return undefined;
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}
