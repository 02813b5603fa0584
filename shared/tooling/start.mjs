// SPDX-License-Identifier: AGPL-3.0-only
// npm start [-- arguments]: installs what is missing, builds what changed, and runs `hearth up`.
import { spawn } from "node:child_process";
import { ensureBuilt } from "./ensure-built.mjs";
import { ensureInstalled } from "./ensure-installed.mjs";
import { repositoryRoot } from "./repository-root.mjs";

const bun = ensureInstalled(repositoryRoot);
const binary = ensureBuilt(repositoryRoot, bun);
if (binary === undefined) process.exit(1);
const appliance = spawn(binary, ["up", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => appliance.kill(signal));
appliance.on("error", (error) => {
  console.error(`${binary} did not start: ${error.message}`);
  process.exitCode = 1;
});
appliance.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
