// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import type { EmbeddedFile } from "./embedded-content.ts";

/** Says in an operator's words why files could not be installed below `parent`. */
export function toInstallError(thrown: unknown, parent: string, files: readonly EmbeddedFile[]): HearthError {
  if (isHearthError(thrown)) return thrown;
  const code = (thrown as NodeJS.ErrnoException).code;
  const neededMegabytes = Math.ceil(files.reduce((sum, file) => sum + file.sizeBytes, 0) / 1_000_000);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new HearthError({
      code: "disk-full",
      message: `no room in ${parent} for the ${neededMegabytes} MB that the engine needs`,
      remedy: `Free at least ${neededMegabytes} MB there, or set HEARTH_HOME to a folder on another disk.`,
      cause: thrown,
    });
  }
  return new HearthError({
    code: "native-folder-unwritable",
    message: `the engine's files cannot be installed in ${parent}: ${code ?? String(thrown)}`,
    remedy: "Let the user that runs Hearth own that folder, or set HEARTH_HOME to a folder it owns.",
    cause: thrown,
  });
}
