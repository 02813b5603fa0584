// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac, timingSafeEqual } from "node:crypto";

/** Name of the header that carries the signature, both ways. */
export const signatureHeader = "X-Hearth-Signature";

/** The header's value for a body: `sha256=` and the hex HMAC-SHA-256 of its raw bytes. */
export function signBody(secret: string, body: Uint8Array): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Whether a header's value is the signature of exactly these bytes; compared in constant time. */
export function isSignedBy(secret: string, body: Uint8Array, header: string | null): boolean {
  if (header === null || !/^sha256=[0-9a-f]{64}$/i.test(header)) return false;
  const expected = Buffer.from(signBody(secret, body).slice(7), "hex");
  return timingSafeEqual(expected, Buffer.from(header.slice(7), "hex"));
}
