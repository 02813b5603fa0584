// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import { decrypt, encrypt, keyBytes, nonceBytes } from "./aead.ts";
import { associatedData } from "./associated-data.ts";
import type { EncryptionErrorCode } from "./encryption-error.ts";

/** A key by its number. The bytes belong to the ring: use them at once and do not keep them. */
export interface NumberedKey {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The wrapped keys of the database. The row is read at each use, so that a key that was rolled back or destroyed is never
 * used; only the unwrapping is cached, by the (random) nonce of the wrapping.
 */
export interface KeyRing {
  /** Makes a key for `owner` and a new number for it; what is sealed from now on uses it. */
  add(owner: string): void;
  has(owner: string): boolean;
  /** The newest key of an owner. @throws `key-missing` or `key-destroyed`. */
  newest(owner: string): NumberedKey;
  /** One key of an owner; undefined when that number is not theirs. @throws `key-destroyed`. */
  byNumber(owner: string, number: number): NumberedKey | undefined;
  destroy(owner: string): void;
  /** Wipes all key bytes from memory. */
  wipe(): void;
}

interface KeyRow {
  readonly key_number: number;
  readonly wrapped: Uint8Array;
  readonly destroyed_ms: number | null;
}

export interface KeyRingOptions {
  readonly storage: Storage;
  readonly masterKey: Uint8Array;
  readonly nowMs: () => number;
  /** How many unwrapped keys are kept. */
  readonly cachedKeys: number;
}

const wrapVersion = "hearth key wrap 1";

/** @throws HearthError `master-key-wrong` when the database was sealed with another master key. */
export function openKeyRing(options: KeyRingOptions): KeyRing {
  const { storage, nowMs } = options;
  const wrappingKey = new Uint8Array(hkdfSync("sha256", options.masterKey, "", wrapVersion, keyBytes));
  checkMasterKey(options);
  const cache = new Map<string, Uint8Array>();
  const { database } = storage;
  const selectNewest = database.query<KeyRow, [string]>(
    "SELECT key_number, wrapped, destroyed_ms FROM wrapped_keys WHERE owner = ? ORDER BY key_number DESC LIMIT 1",
  );
  const selectOne = database.query<KeyRow, [number, string]>(
    "SELECT key_number, wrapped, destroyed_ms FROM wrapped_keys WHERE key_number = ? AND owner = ?",
  );

  function forget(name: string): void {
    cache.get(name)?.fill(0);
    cache.delete(name);
  }

  function unwrap(owner: string, row: KeyRow): NumberedKey {
    if (row.destroyed_ms !== null) throw destroyed(owner, row.key_number);
    const nonce = row.wrapped.subarray(0, nonceBytes);
    // The owner and the number are part of the name: a row moved under another owner must meet the tag check.
    const name = `${row.key_number}:${owner}:${Buffer.from(row.wrapped).toString("latin1")}`;
    const cached = cache.get(name);
    if (cached !== undefined) {
      cache.delete(name);
      cache.set(name, cached);
      return { number: row.key_number, bytes: cached };
    }
    const bytes = decrypt(wrappingKey, nonce, place(owner, row.key_number), row.wrapped.subarray(nonceBytes));
    if (bytes === undefined || bytes.length !== keyBytes) throw tampered(owner, row.key_number);
    for (const oldest of cache.keys()) {
      if (cache.size < options.cachedKeys) break;
      forget(oldest);
    }
    cache.set(name, bytes);
    return { number: row.key_number, bytes };
  }

  return {
    add(owner) {
      storage.transaction(() => {
        const row = database
          .query<{ key_number: number }, [string, number]>(
            "INSERT INTO wrapped_keys (owner, wrapped, created_ms) VALUES (?, x'', ?) RETURNING key_number",
          )
          .get(owner, nowMs());
        const number = row?.key_number ?? 0;
        const key = randomBytes(keyBytes);
        const nonce = randomBytes(nonceBytes);
        const wrapped = Buffer.concat([nonce, encrypt(wrappingKey, nonce, place(owner, number), key)]);
        key.fill(0);
        database.query("UPDATE wrapped_keys SET wrapped = ? WHERE key_number = ?").run(wrapped, number);
      });
    },
    has: (owner) => selectNewest.get(owner) !== null,
    newest(owner) {
      const row = selectNewest.get(owner);
      if (row === null) throw missing(owner);
      return unwrap(owner, row);
    },
    byNumber(owner, number) {
      const row = selectOne.get(number, owner);
      return row === null ? undefined : unwrap(owner, row);
    },
    destroy(owner) {
      // Overwritten in place with as many zeros, so that the page itself no longer holds the key.
      database
        .query(
          "UPDATE wrapped_keys SET wrapped = zeroblob(length(wrapped)), destroyed_ms = ? WHERE owner = ? AND destroyed_ms IS NULL",
        )
        .run(nowMs(), owner);
      for (const name of cache.keys()) if (name.split(":", 2)[1] === owner) forget(name);
    },
    wipe() {
      for (const name of cache.keys()) forget(name);
      wrappingKey.fill(0);
    },
  };
}

function place(owner: string, number: number): Buffer {
  return associatedData(wrapVersion, owner, String(number));
}

/** Writes the check value at first start and compares it at every later one. */
function checkMasterKey({ storage, masterKey, nowMs }: KeyRingOptions): void {
  const expected = createHmac("sha256", masterKey).update("hearth vault check").digest();
  const stored = storage.database
    .query<{ key_check: Uint8Array }, []>("SELECT key_check FROM vault WHERE id = 1")
    .get();
  if (stored === null) {
    storage.database.query("INSERT INTO vault (id, key_check, created_ms) VALUES (1, ?, ?)").run(expected, nowMs());
    return;
  }
  if (stored.key_check.length === expected.length && timingSafeEqual(stored.key_check, expected)) return;
  throw new HearthError<EncryptionErrorCode>({
    code: "master-key-wrong",
    message: `the database ${storage.path} was sealed with another master key than the one in use`,
    remedy: "Put back the master.key (or type the passphrase) that belongs to this database or backup.",
    details: { path: storage.path },
  });
}

function missing(owner: string): HearthError {
  return new HearthError<EncryptionErrorCode>({
    code: "key-missing",
    message: `${owner} has no key: it is made together with the person`,
    details: { owner },
  });
}

function destroyed(owner: string, number: number): HearthError {
  return new HearthError<EncryptionErrorCode>({
    code: "key-destroyed",
    message: `key ${number} of ${owner} was destroyed; what it sealed cannot be read again`,
    details: { owner, number },
  });
}

function tampered(owner: string, number: number): HearthError {
  return new HearthError<EncryptionErrorCode>({
    code: "value-tampered",
    message: `the wrapped key ${number} of ${owner} was changed outside Hearth`,
    remedy: "Put back a saved copy of the whole data folder (hearth.db together with master.key).",
    details: { owner, number },
  });
}
