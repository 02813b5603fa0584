// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import type { EmbeddedFile } from "./embedded-content.ts";

/** Names the directory of a set of files: the first 64 bits, in hex, of SHA-256 over the sorted names and hashes. */
export function fileSetHash(files: readonly EmbeddedFile[]): string {
  const lines = files.map((file) => `${file.sha256}  ${file.name}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex").slice(0, 16);
}
