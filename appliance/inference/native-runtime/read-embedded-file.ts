// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { HearthError } from "../../../shared/errors/index.ts";
import type { EmbeddedFile } from "./embedded-content.ts";

/**
 * The bytes of an embedded file, checked against the hash the build wrote down.
 * @throws HearthError `binary-damaged`.
 */
export async function readEmbeddedFile(
  readSource: (source: string) => Promise<Uint8Array>,
  file: EmbeddedFile,
): Promise<Uint8Array> {
  const bytes = await readSource(file.source);
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (hash === file.sha256) return bytes;
  throw new HearthError({
    code: "binary-damaged",
    message: `${file.name} inside this program is not what was built: SHA-256 ${hash}, expected ${file.sha256}`,
    remedy: "Copy or download the program again and compare its SHA-256 with the published one.",
  });
}
