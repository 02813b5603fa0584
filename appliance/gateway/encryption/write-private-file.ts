// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a new file with mode 0600 that is there whole or not at all, also after a power cut; an existing one is never
 * replaced (the link fails).
 */
export function writePrivateFile(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${randomBytes(4).toString("hex")}`;
  const file = openSync(unfinished, "wx", 0o600);
  try {
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(unfinished, path);
  } finally {
    unlinkSync(unfinished);
  }
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
}
