// SPDX-License-Identifier: AGPL-3.0-only
import { spawnSync } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command with the input and output of this process and returns its exit code (128 + the number of the signal
 * that ended it, 127 when it could not be started, with the reason on stderr).
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 * @returns {number}
 */
export function runCommand(command, commandArguments, options = {}) {
  const result = spawnSync(command, commandArguments, { stdio: ["inherit", "inherit", "inherit"], ...options });
  if (result.error !== undefined) {
    console.error(`${command} did not start: ${result.error.message}`);
    return 127;
  }
  if (result.signal !== null) return 128 + constants.signals[result.signal];
  return result.status ?? 1;
}
