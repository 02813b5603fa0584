// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What the binary is made of. */
const sources = ["appliance", "shared", "package.json", "package-lock.json", "tsconfig.json"];

/** Tests and texts about the code do not change the binary. */
const ignored = /(\.test\.tsx?|README\.md|DEPENDENCIES\.md|\.pyc?)$/;

/**
 * SHA-256 over the names and contents of everything the binary is made of: the same sources, the same stamp, whatever
 * the file times say.
 * @param {string} root of the repository
 * @returns {string} lower-case hex
 */
export function sourceStamp(root) {
  const hash = createHash("sha256");
  for (const path of sources.flatMap((source) => listFiles(root, source))) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @param {string} root @param {string} path @returns {string[]} */
function listFiles(root, path) {
  if (statSync(join(root, path)).isFile()) return ignored.test(path) ? [] : [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => listFiles(root, `${path}/${name}`));
}
