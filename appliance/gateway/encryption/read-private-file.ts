// SPDX-License-Identifier: AGPL-3.0-only
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { HearthError } from "../../../shared/errors/index.ts";
import type { EncryptionErrorCode } from "./encryption-error.ts";

/** The text of a file that only its owner may read; undefined when it does not exist. */
export function readPrivateFile(path: string): string | undefined {
  const file = openForReading(path);
  if (file === undefined) return undefined;
  try {
    const status = fstatSync(file);
    if ((status.mode & 0o077) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, "0");
      throw new HearthError<EncryptionErrorCode>({
        code: "master-key-open-to-others",
        message: `${path} has mode ${mode}: other users of this machine may have read the key`,
        remedy: `Run \`chmod 600 ${path}\`, and if you do not trust the other users, restore a backup under a new key.`,
        details: { path, mode },
      });
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new HearthError<EncryptionErrorCode>({
      code: "master-key-unreadable",
      message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: "Let the user that runs Hearth own this file.",
      details: { path },
      cause,
    });
  }
}
