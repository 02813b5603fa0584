// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac, randomBytes } from "node:crypto";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import { decrypt, encrypt, nonceBytes, tagBytes } from "./aead.ts";
import { associatedData } from "./associated-data.ts";
import type { EncryptionErrorCode } from "./encryption-error.ts";
import { openKeyRing } from "./key-ring.ts";
import type { KeyOwner, ValuePlace, Vault } from "./vault.ts";

export interface CreateVaultOptions {
  readonly storage: Storage;
  /** 32 bytes; the vault keeps what it derives from them, not the bytes themselves. */
  readonly masterKey: Uint8Array;
  readonly nowMs?: () => number;
  /** How many unwrapped keys are kept in memory; default 256. */
  readonly cachedKeys?: number;
}

/** A vault that can be rotated and closed. */
export interface ManagedVault extends Vault, Disposable {
  /** Gives the owner a new key for what is sealed from now on; older values stay readable. */
  rotateKey(owner: KeyOwner): void;
  /** Wipes every key from memory. */
  close(): void;
}

const formatVersion = 1;
const headerBytes = 1 + 4 + nonceBytes;
/** Not a person and not "system": its key hashes look-ups and seals nothing. */
const indexOwner = "blind-index";

/** @throws HearthError `master-key-wrong` when the database was sealed with another master key. */
export function createVault(options: CreateVaultOptions): ManagedVault {
  const { storage, nowMs = Date.now, cachedKeys = 256 } = options;
  const ring = storage.transaction(() => {
    const opened = openKeyRing({ storage, masterKey: options.masterKey, nowMs, cachedKeys });
    for (const owner of ["system", indexOwner]) if (!opened.has(owner)) opened.add(owner);
    return opened;
  });
  const indexKey = Buffer.from(ring.newest(indexOwner).bytes);
  let isClosed = false;

  function refuseWhenClosed(): void {
    if (isClosed) throw new HearthError<EncryptionErrorCode>({ code: "vault-closed", message: "the vault is closed" });
  }

  function openBytes(owner: KeyOwner, place: ValuePlace, sealed: Uint8Array): Uint8Array {
    refuseWhenClosed();
    if (sealed.length < headerBytes + tagBytes || sealed[0] !== formatVersion)
      throw tampered(place, "not a sealed value");
    const number = new DataView(sealed.buffer, sealed.byteOffset).getUint32(1);
    const key = ring.byNumber(owner, number);
    if (key === undefined) throw tampered(place, `key ${number} is not one of ${owner}`);
    const nonce = sealed.subarray(5, headerBytes);
    const plaintext = decrypt(key.bytes, nonce, bindingOf(owner, number, place), sealed.subarray(headerBytes));
    if (plaintext === undefined) throw tampered(place, "the bytes were changed, or belong to another place");
    return plaintext;
  }

  function close(): void {
    isClosed = true;
    indexKey.fill(0);
    ring.wipe();
  }

  return {
    seal(owner, place, plaintext) {
      refuseWhenClosed();
      const key = ring.newest(owner);
      const header = Buffer.alloc(headerBytes);
      header[0] = formatVersion;
      header.writeUInt32BE(key.number, 1);
      const nonce = randomBytes(nonceBytes);
      nonce.copy(header, 5);
      const bytes = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
      return Buffer.concat([header, encrypt(key.bytes, nonce, bindingOf(owner, key.number, place), bytes)]);
    },
    open: (owner, place, sealed) => Buffer.from(openBytes(owner, place, sealed)).toString("utf8"),
    openBytes,
    createKey(owner) {
      refuseWhenClosed();
      if (!ring.has(owner)) ring.add(owner);
    },
    rotateKey(owner) {
      refuseWhenClosed();
      ring.newest(owner);
      ring.add(owner);
    },
    destroyKey(owner) {
      refuseWhenClosed();
      ring.destroy(owner);
    },
    blindIndex(purpose, value) {
      refuseWhenClosed();
      return createHmac("sha256", indexKey)
        .update(associatedData("hearth index 1", purpose, value))
        .digest("hex");
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** What is authenticated with each value: its format, key and place. */
function bindingOf(owner: KeyOwner, keyNumber: number, place: ValuePlace): Buffer {
  return associatedData(
    `hearth value ${formatVersion}`,
    owner,
    String(keyNumber),
    place.table,
    place.row,
    place.column,
  );
}

function tampered(place: ValuePlace, finding: string): HearthError {
  return new HearthError<EncryptionErrorCode>({
    code: "value-tampered",
    message: `the sealed value ${place.table}.${place.column} of row ${place.row} does not open: ${finding}`,
    remedy:
      "The database was changed outside Hearth or is damaged; put back a saved copy of the whole data folder (hearth.db together with master.key).",
    details: { table: place.table, row: place.row, column: place.column },
  });
}
