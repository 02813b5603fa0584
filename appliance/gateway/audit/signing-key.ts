// SPDX-License-Identifier: AGPL-3.0-only
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Vault } from "../encryption/index.ts";

const place = { table: "audit_head", row: "1", column: "sealed_private_key" } as const;

/** The log's Ed25519 key pair (RFC 8032). */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicBytes: Buffer;
}

export function makeSigningKey(): SigningKey {
  return complete(generateKeyPairSync("ed25519").privateKey);
}

export function sealSigningKey(vault: Pick<Vault, "seal">, key: SigningKey): Uint8Array {
  return vault.seal("system", place, key.privateKey.export({ type: "pkcs8", format: "der" }));
}

/** @throws HearthError `value-tampered`. */
export function openSigningKey(vault: Pick<Vault, "openBytes">, sealed: Uint8Array): SigningKey {
  const bytes = Buffer.from(vault.openBytes("system", place, sealed));
  return complete(createPrivateKey({ key: bytes, type: "pkcs8", format: "der" }));
}

function complete(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey, publicBytes: publicKey.export({ type: "spki", format: "der" }) };
}
