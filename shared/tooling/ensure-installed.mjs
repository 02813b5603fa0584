// SPDX-License-Identifier: AGPL-3.0-only
import { findBun } from "./find-bun.mjs";
import { installedState } from "./installed-state.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * Installs the npm packages of the lock file unless they are there, and returns the path of Bun.
 *
 * `npm install --no-save` rather than `npm ci`: npm 11 refuses a lock file that lacks the optional packages of other
 * platforms, which is what a lock file made against a registry without them looks like. What `ci` promises is checked
 * here instead: afterwards each package has the version and the integrity of the lock file.
 * @param {string} root of the repository
 * @returns {string}
 */
export function ensureInstalled(root) {
  const before = installedState(root);
  const bunBefore = findBun(root);
  if (before.isCurrent && bunBefore !== undefined) return bunBefore;
  console.error(`Installing npm packages (${before.isCurrent ? "Bun is missing" : before.reason}) …`);
  install(root);
  const after = installedState(root);
  if (!after.isCurrent) fail(`npm finished, but ${after.reason}.`, "Remove node_modules and try again.");
  const bun = findBun(root);
  if (bun === undefined) {
    fail(
      `there is no Bun for ${process.platform}-${process.arch} in node_modules/@oven.`,
      "Install without --omit=optional, on Linux or macOS, x64 or arm64.",
    );
  }
  return bun;
}

/** @param {string} root */
function install(root) {
  const npm = process.env.npm_execpath;
  const words = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--include=dev",
    "--loglevel=error",
  ];
  const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  // A registry that drops one connection is common; a second try starts from what the cache already holds.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const code = runCommand(command, [...first, ...words], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    if (code === 0) return;
    if (attempt === 2) fail(`npm install failed with exit code ${code}.`, "Read npm's messages above.");
  }
}

/** @param {string} what @param {string} remedy @returns {never} */
function fail(what, remedy) {
  console.error(`Hearth cannot be set up: ${what}\n${remedy}`);
  process.exit(1);
}
