// SPDX-License-Identifier: AGPL-3.0-only
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A canary that was found where only ciphertext may be. */
export interface PlaintextFinding {
  readonly file: string;
  readonly canary: string;
  readonly encoding: string;
}

/**
 * Looks for texts in every file below the folders, in the encodings in which they could have been written: UTF-8, UTF-16,
 * hexadecimal, base64 (at each of its three offsets) and JSON escapes. Canaries must be at least 12 characters.
 */
export function findPlaintext(folders: readonly string[], canaries: readonly string[]): readonly PlaintextFinding[] {
  const needles = canaries.flatMap((canary) => encodingsOf(canary).map((encoded) => ({ canary, ...encoded })));
  const findings: PlaintextFinding[] = [];
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const bytes = readFileSync(file);
      for (const { canary, encoding, needle } of needles) {
        if (bytes.includes(needle)) findings.push({ file, canary, encoding });
      }
    }
  }
  return findings;
}

function encodingsOf(canary: string): { readonly encoding: string; readonly needle: Buffer }[] {
  const utf8 = Buffer.from(canary, "utf8");
  const escaped = canary.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const offsets = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), utf8]).toString("base64");
    // The first and the last group depend on what stands beside the canary.
    return { encoding: `base64 at offset ${offset}`, needle: Buffer.from(text.slice(offset === 0 ? 0 : 4, -4)) };
  });
  return [
    { encoding: "utf-8", needle: utf8 },
    { encoding: "utf-16le", needle: Buffer.from(canary, "utf16le") },
    { encoding: "json", needle: Buffer.from(escaped) },
    { encoding: "hex", needle: Buffer.from(utf8.toString("hex")) },
    { encoding: "HEX", needle: Buffer.from(utf8.toString("hex").toUpperCase()) },
    ...offsets,
  ];
}
