// SPDX-License-Identifier: AGPL-3.0-only
import { argon2Sync, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { EncryptionErrorCode } from "./encryption-error.ts";
import { type MasterKeyFile, parseMasterKeyFile } from "./master-key-file.ts";
import { readPrivateFile } from "./read-private-file.ts";
import { writePrivateFile } from "./write-private-file.ts";

export interface LoadMasterKeyOptions {
  /** The data folder; the file is `master.key` in it. */
  readonly home: string;
  /** The owner's passphrase: then the file holds only how to make the key from it. */
  readonly passphrase?: string;
  /** Whether a database sealed with this key exists: then a missing file is an error and never a new key. */
  readonly isExistingVault: boolean;
}

/** RFC 9106, second recommendation in memory, one lane: 64 MiB and three passes take about 150 ms. */
const argon2Cost = { memoryKiB: 65_536, passes: 3, parallelism: 1 } as const;

/**
 * The 32-byte master key, which wraps all other keys; made at first start. Wipe it after use.
 * @throws HearthError with a code of {@link EncryptionErrorCode} that begins with `master-key` or `passphrase`.
 */
export function loadMasterKey(options: LoadMasterKeyOptions): Uint8Array {
  const path = join(options.home, "master.key");
  const text = readPrivateFile(path);
  if (text !== undefined) return keyFrom(parseMasterKeyFile(text, path), options.passphrase, path);
  if (options.isExistingVault) throw missing(path);
  const made = make(options.passphrase);
  writePrivateFile(path, `${JSON.stringify(made.file)}\n`);
  return made.key;
}

function make(passphrase: string | undefined): { readonly file: MasterKeyFile; readonly key: Uint8Array } {
  if (passphrase === undefined) {
    const key = randomBytes(32);
    return { key, file: { version: 1, kind: "key", key: key.toString("base64") } };
  }
  const salt = randomBytes(16);
  const key = derive(passphrase, salt, argon2Cost);
  const check = checkOf(key).toString("base64");
  const common = { version: 1, kind: "passphrase", algorithm: "argon2id", ...argon2Cost } as const;
  return { key, file: { ...common, salt: salt.toString("base64"), check } };
}

function keyFrom(file: MasterKeyFile, passphrase: string | undefined, path: string): Uint8Array {
  if (file.kind === "key") {
    if (passphrase === undefined) return Buffer.from(file.key, "base64");
    throw new HearthError<EncryptionErrorCode>({
      code: "passphrase-not-used",
      message: `a passphrase was given, but ${path} holds the key itself: the passphrase would protect nothing`,
      remedy: "Start without the passphrase.",
      details: { path },
    });
  }
  if (passphrase === undefined) {
    throw new HearthError<EncryptionErrorCode>({
      code: "passphrase-needed",
      message: `the master key of ${path} is made from a passphrase, and none was given`,
      remedy: "Start Hearth with the passphrase that was chosen at its first start.",
      details: { path },
    });
  }
  const key = derive(passphrase, Buffer.from(file.salt, "base64"), file);
  if (timingSafeEqual(checkOf(key), Buffer.from(file.check, "base64"))) return key;
  throw new HearthError<EncryptionErrorCode>({
    code: "passphrase-wrong",
    message: `the passphrase does not fit ${path}`,
    remedy: "Type the passphrase that was chosen at the first start.",
    details: { path },
  });
}

/** NFC, so that the same passphrase typed on another keyboard or system is the same bytes. */
function derive(
  passphrase: string,
  salt: Uint8Array,
  cost: { readonly memoryKiB: number; readonly passes: number; readonly parallelism: number },
): Buffer {
  return argon2Sync("argon2id", {
    message: Buffer.from(passphrase.normalize("NFC"), "utf8"),
    nonce: salt,
    parallelism: cost.parallelism,
    tagLength: 32,
    memory: cost.memoryKiB,
    passes: cost.passes,
  });
}

function checkOf(key: Uint8Array): Buffer {
  return createHmac("sha256", key).update("hearth master key check").digest();
}

function missing(path: string): HearthError {
  return new HearthError<EncryptionErrorCode>({
    code: "master-key-missing",
    message: `the database is sealed with the master key ${path}, and that file is not there`,
    remedy: `Put back your copy of ${path}. A new key would not open anything, so none was made.`,
    details: { path },
  });
}
