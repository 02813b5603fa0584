// SPDX-License-Identifier: AGPL-3.0-only
// npm test [-- words]: installs what is missing, then runs the gate and every test. With words, only the test files
// whose path contains one of them, without the gate.
import { join } from "node:path";
import { ensureBuilt } from "./ensure-built.mjs";
import { ensureInstalled } from "./ensure-installed.mjs";
import { ensureSystemPackages } from "./ensure-system-packages.mjs";
import { repositoryRoot } from "./repository-root.mjs";
import { runCommand } from "./run-command.mjs";

const bun = ensureInstalled(repositoryRoot);
const missing = ensureSystemPackages();
const binary = ensureBuilt(repositoryRoot, bun);
const script = join(repositoryRoot, "shared/tooling/run-tests.ts");
process.exitCode = runCommand(bun, [script, ...process.argv.slice(2)], {
  cwd: repositoryRoot,
  stdio: ["ignore", "inherit", "inherit"],
  env: {
    ...process.env,
    HEARTH_TEST_MISSING: missing.join(","),
    // Empty when the build failed: the run counts that as a failure of its own.
    HEARTH_TEST_BINARY: binary ?? "",
  },
});
