// SPDX-License-Identifier: AGPL-3.0-only
// node run-bun.mjs <script> [arguments]: runs a script of the repository with the Bun that npm installed.
import { ensureInstalled } from "./ensure-installed.mjs";
import { repositoryRoot } from "./repository-root.mjs";
import { runCommand } from "./run-command.mjs";

const bun = ensureInstalled(repositoryRoot);
process.exitCode = runCommand(bun, process.argv.slice(2), { cwd: repositoryRoot });
