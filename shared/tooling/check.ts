// SPDX-License-Identifier: AGPL-3.0-only
// npm run check: the one gate before a commit. Exit code 0 when everything holds.
import { join } from "node:path";
import { runGate } from "./check/gate.ts";
import { printGate } from "./check/print-gate.ts";
import { runTestGroup } from "./tests/run-test-group.ts";
import { unitTestGroup } from "./tests/test-groups.ts";

const repositoryRoot = join(import.meta.dir, "../..");
const startedMs = performance.now();
const gate = await runGate(repositoryRoot);
printGate(gate);
const units = await runTestGroup(unitTestGroup, repositoryRoot);
const failed =
  gate.filter((result) => !result.isOk).length + units.filter((result) => result.outcome === "failed").length;
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
console.log(`${units.length} unit tests and ${gate.length} checks in ${seconds} s, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
