// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";

/** Whose key seals a value: a person's, so that erasing the person is destroying one key, or the box's own. */
export type KeyOwner = PersonId | "system";

/** Where a sealed value lives; bound into it as associated data, so that it opens nowhere else. */
export interface ValuePlace {
  readonly table: string;
  /** Primary key of the row, as text. */
  readonly row: string;
  readonly column: string;
}

/**
 * Encryption at rest, a value at a time: AES-256-GCM, 96-bit random nonce, associated data = place and format version.
 * Keys of persons are wrapped by the master key. All calls are synchronous, so that they fit in a transaction.
 */
export interface Vault {
  /** Sealed bytes: version (1) ‖ key number (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16). */
  seal(owner: KeyOwner, place: ValuePlace, plaintext: string | Uint8Array): Uint8Array;
  /** @throws HearthError `value-tampered` (wrong place, key or bytes) or `key-destroyed`. */
  open(owner: KeyOwner, place: ValuePlace, sealed: Uint8Array): string;
  openBytes(owner: KeyOwner, place: ValuePlace, sealed: Uint8Array): Uint8Array;
  /** Makes the key of a person if there is none yet. Call it in the transaction that makes the person. */
  createKey(owner: KeyOwner): void;
  /** Destroys a person's key: everything sealed for them is unreadable from now on. */
  destroyKey(owner: PersonId): void;
  /** Keyed HMAC-SHA-256 (hex) of a value, to look it up without storing it. `purpose` separates the key spaces. */
  blindIndex(purpose: string, value: string): string;
}
