// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { HearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { EncryptionErrorCode } from "./encryption-error.ts";

const bytes = (length: number) =>
  z.string().refine((text) => Buffer.from(text, "base64").length === length, `not ${length} bytes in base64`);

/** What `master.key` holds: the key itself, or how to make it from a passphrase. */
export const masterKeyFileSchema = z.discriminatedUnion("kind", [
  z.strictObject({ version: z.literal(1), kind: z.literal("key"), key: bytes(32) }),
  z.strictObject({
    version: z.literal(1),
    kind: z.literal("passphrase"),
    algorithm: z.literal("argon2id"),
    /** Bounded, so that a changed file cannot ask for all the memory of the box. */
    memoryKiB: z.number().int().min(8192).max(1_048_576),
    passes: z.number().int().min(1).max(16),
    parallelism: z.number().int().min(1).max(8),
    salt: bytes(16),
    /** HMAC of a constant: tells a mistyped passphrase before anything else happens. */
    check: bytes(32),
  }),
]);

export type MasterKeyFile = z.infer<typeof masterKeyFileSchema>;

/** @throws HearthError `master-key-damaged` for a file that is cut short or is something else. */
export function parseMasterKeyFile(text: string, path: string): MasterKeyFile {
  try {
    return parseJson(text, masterKeyFileSchema, path);
  } catch (cause) {
    throw new HearthError<EncryptionErrorCode>({
      code: "master-key-damaged",
      message: `the master key file ${path} is cut short or is not a master key (${text.length} characters)`,
      remedy: `Put back your copy of ${path}. Without it nothing in the database can be read; do not delete it.`,
      details: { path },
      cause,
    });
  }
}
