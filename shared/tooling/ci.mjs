// SPDX-License-Identifier: AGPL-3.0-only
// What .ci/run does: `npm test`, the binary, a smoke test of it. Prints the sum of both as its last line.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "./repository-root.mjs";
import { runCommand } from "./run-command.mjs";

const summaryLine = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

/**
 * Runs a command, shows what it says, and reads its last summary line. Without one, or with an exit code that the
 * summary does not explain, it is one failure.
 * @param {string} title @param {string[]} command
 * @returns {Promise<[passed: number, failed: number, skipped: number]>}
 */
function runCounted(title, [command, ...rest]) {
  console.log(`\n== ${title}`);
  return new Promise((resolve) => {
    const child = spawn(command, rest, { cwd: repositoryRoot, stdio: ["ignore", "pipe", "inherit"] });
    let counts;
    let tail = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text) => {
      process.stdout.write(text);
      const lines = (tail + text).split("\n");
      tail = lines.pop() ?? "";
      for (const line of lines) counts = summaryLine.exec(line.trim()) ?? counts;
    });
    child.on("error", () => resolve([0, 1, 0]));
    child.on("close", (code) => {
      const [passed, failed, skipped] = (counts ?? [0, 0, 0, 0]).slice(1).map(Number);
      const isUnexplained = code !== 0 ? failed === 0 : counts === undefined;
      resolve([passed, failed + (isUnexplained ? 1 : 0), skipped]);
    });
  });
}

/**
 * Runs a command whose exit code says everything.
 * @param {string} title @param {string[]} command
 * @returns {[passed: number, failed: number, skipped: number]}
 */
function runStep(title, [command, ...rest]) {
  console.log(`\n== ${title}`);
  return runCommand(command, rest, { cwd: repositoryRoot }) === 0 ? [1, 0, 0] : [0, 1, 0];
}

const script = (name) => join(repositoryRoot, "shared/tooling", name);
const results = [
  await runCounted("npm test", ["npm", "test"]),
  runStep("npm run build", ["npm", "run", "build"]),
  await runCounted("smoke test of dist/hearth", [process.execPath, script("run-bun.mjs"), script("smoke-test.ts")]),
];
const [passed, failed, skipped] = results.reduce((sum, counts) => sum.map((value, index) => value + counts[index]));
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
