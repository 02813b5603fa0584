// SPDX-License-Identifier: AGPL-3.0-only
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Compares what lies in `node_modules` (npm's own record of it) with the lock file. Packages for other platforms are
 * skipped, as npm does.
 * @param {string} root of the repository
 * @returns {{isCurrent: true} | {isCurrent: false, reason: string}}
 */
export function installedState(root) {
  const wanted = readJson(join(root, "package-lock.json"))?.packages;
  if (wanted === undefined) return { isCurrent: false, reason: "package-lock.json is missing or unreadable" };
  const declared = readJson(join(root, "package.json"));
  for (const kind of ["dependencies", "devDependencies"]) {
    for (const [name, version] of Object.entries(declared?.[kind] ?? {})) {
      if (wanted[""]?.[kind]?.[name] === version) continue;
      return { isCurrent: false, reason: `package.json asks for ${name} ${version}, the lock file does not` };
    }
  }
  const installed = readJson(join(root, "node_modules/.package-lock.json"))?.packages;
  if (installed === undefined) return { isCurrent: false, reason: "nothing is installed yet" };
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "" || !fitsThisMachine(entry)) continue;
    const found = installed[path];
    // npm keeps an optional package out that it could not fetch or that does not fit; Bun and the native library are
    // looked for by name where they are used.
    if (found === undefined && entry.optional === true) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) {
      return {
        isCurrent: false,
        reason: `${path} is ${found?.version ?? "missing"}, the lock file says ${entry.version}`,
      };
    }
  }
  return { isCurrent: true };
}

/** @param {{os?: string[], cpu?: string[]}} entry */
function fitsThisMachine(entry) {
  return isAllowed(entry.os, process.platform) && isAllowed(entry.cpu, process.arch);
}

/** @param {string[] | undefined} list @param {string} value */
function isAllowed(list, value) {
  if (list === undefined) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((item) => item.startsWith("!"));
}

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // missing or half-written: both mean "install again"
  }
}
