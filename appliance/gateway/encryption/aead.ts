// SPDX-License-Identifier: AGPL-3.0-only
import { createCipheriv, createDecipheriv } from "node:crypto";

export const nonceBytes = 12;
export const tagBytes = 16;
export const keyBytes = 32;

/** AES-256-GCM (NIST SP 800-38D). Returns ciphertext ‖ tag. The nonce must be fresh for this key. */
export function encrypt(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or undefined when key, nonce, associated data or bytes are not the ones it was sealed with. */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < tagBytes || nonce.length !== nonceBytes) return undefined;
  const body = sealed.subarray(0, sealed.length - tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    // OpenSSL says only that the tag does not fit; the caller knows what that means where it stands.
    return undefined;
  }
}
