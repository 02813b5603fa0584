// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "./run-command.mjs";
import { sourceStamp } from "./source-stamp.mjs";

/**
 * Builds `dist/hearth` unless it was built from exactly these sources, and returns its path, or undefined when the
 * build failed (it has said why).
 * @param {string} root of the repository
 * @param {string} bun
 * @returns {string | undefined}
 */
export function ensureBuilt(root, bun) {
  const binary = join(root, "dist/hearth");
  const stampFile = join(root, ".cache/binary-stamp");
  const stamp = sourceStamp(root);
  if (existsSync(binary) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return binary;
  console.error("Building dist/hearth …");
  const build = [join(root, "shared/tooling/build.ts")];
  if (runCommand(bun, build, { cwd: root, stdio: ["ignore", 2, "inherit"] }) !== 0) return undefined;
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
  return binary;
}
