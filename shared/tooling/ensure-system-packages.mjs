// SPDX-License-Identifier: AGPL-3.0-only
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { systemPackages } from "./system-packages.mjs";

/**
 * Installs the system packages that tests need, on Debian as root; elsewhere it says what is missing.
 * @returns {string[]} names from the table of what is still missing
 */
export function ensureSystemPackages() {
  const missing = systemPackages.filter((entry) => !isPresent(entry));
  if (missing.length === 0) return [];
  const isRootOnDebian = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  if (isRootOnDebian && process.env.HEARTH_TEST_NO_INSTALL === undefined) installOnDebian(missing);
  const still = missing.filter((entry) => !isPresent(entry));
  for (const { name, debian, use } of still) {
    console.error(
      `Missing: ${name} (${use}). Tests that need it are skipped. On Debian: apt-get install ${debian.join(" ")}`,
    );
  }
  return still.map((entry) => entry.name);
}

/** @param {typeof systemPackages[number]} entry */
function isPresent(entry) {
  const [command, ...rest] = entry.probe;
  const probed = spawnSync(command, rest, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 30_000 });
  return probed.status === 0 && probed.stdout.trim() !== "";
}

/** @param {readonly typeof systemPackages[number][]} entries */
function installOnDebian(entries) {
  const names = entries.flatMap((entry) => entry.debian);
  console.error(`Installing system packages for the tests: ${names.join(" ")} …`);
  const lock = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];
  const commands = [
    ["apt-get", "update", "-qq", ...lock],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...lock, ...names],
  ];
  // RUNLEVEL=1: what is installed for tests must not start as a service of this machine.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (const [command, ...rest] of commands) {
    const ran = spawnSync(command, rest, { stdio: ["ignore", "ignore", "inherit"], env });
    if (ran.status !== 0) return;
  }
}
