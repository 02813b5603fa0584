// SPDX-License-Identifier: AGPL-3.0-only
import { isAbsolute, resolve } from "node:path";

/** A model may be given by name or by path: what looks like a path (a slash, or ends in .gguf) is made absolute. */
export function pathOrName(text: string, workingDirectory: string): string {
  const looksLikePath = text.includes("/") || text.includes("\\") || text.toLowerCase().endsWith(".gguf");
  return looksLikePath && !isAbsolute(text) ? resolve(workingDirectory, text) : text;
}
