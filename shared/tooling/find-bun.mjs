// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The Bun executable that npm installed. The package `bun` wants an install script to link it; this finds it where the
 * platform package put it, so that blocked scripts do not matter. Undefined when nothing is installed yet.
 * @param {string} root of the repository
 * @returns {string | undefined}
 */
export function findBun(root) {
  const architecture = process.arch === "arm64" ? "aarch64" : "x64";
  const names = [`bun-${process.platform}-${architecture}`, `bun-${process.platform}-${architecture}-musl`];
  const paths = names.map((name) => join(root, "node_modules/@oven", name, "bin/bun"));
  return paths.find((path) => existsSync(path));
}
