// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";

/** The columns that the hash of an entry covers. */
export interface HashedEntry {
  readonly number: number;
  readonly atMs: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly sealedDetails: Uint8Array;
  readonly previousHash: Uint8Array;
}

/** What stands before the first entry. */
export const genesisHash: Uint8Array = new Uint8Array(32);

/**
 * SHA-256 over all columns, each led by its length, so that no two entries give the same bytes. The details go in sealed:
 * whoever verifies needs no key, and erasing a person's key does not break the chain.
 */
export function hashEntry(entry: HashedEntry): Buffer {
  return digest("hearth audit entry 1", [
    String(entry.number),
    String(entry.atMs),
    entry.actor,
    entry.action,
    entry.target,
    entry.sealedDetails,
    entry.previousHash,
  ]);
}

/** What the head's signature covers: how many entries there are, and the hash of the last. */
export function headDigest(entries: number, hash: Uint8Array, atMs: number): Buffer {
  return digest("hearth audit head 1", [String(entries), hash, String(atMs)]);
}

function digest(domain: string, parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash("sha256").update(domain);
  for (const part of parts) {
    const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}
