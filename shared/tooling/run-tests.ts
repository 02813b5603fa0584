// SPDX-License-Identifier: AGPL-3.0-only
// What `npm test` runs once everything is installed: the gate and every tier of tests, then one summary.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runGate } from "./check/gate.ts";
import { printGate } from "./check/print-gate.ts";
import type { TestResult } from "./tests/parse-junit.ts";
import { runTestGroup } from "./tests/run-test-group.ts";
import { skipReason } from "./tests/skip-reason.ts";
import { testGroups } from "./tests/test-groups.ts";

const repositoryRoot = join(import.meta.dir, "../..");
const words = process.argv.slice(2);
const missing = (process.env.HEARTH_TEST_MISSING ?? "").split(",").filter((name) => name !== "");

async function main(): Promise<number> {
  const startedMs = performance.now();
  const results: TestResult[] = [];
  if (words.length === 0) {
    const gate = await runGate(repositoryRoot);
    printGate(gate);
    results.push(...gate.map((part) => asResult(`gate: ${part.name}`, part.isOk, part.durationMs)));
    results.push(asResult("build: dist/hearth", process.env.HEARTH_TEST_BINARY !== "", 0));
  }
  for (const group of testGroups) {
    const ran = await runTestGroup(group, repositoryRoot, { words });
    if (ran.length > 0) console.log(`${group.name}: ${summary(ran)}`);
    results.push(...ran);
  }
  listSkipped(results.filter((result) => result.outcome === "skipped"));
  for (const result of results) if (result.outcome === "failed") console.log(`FAILED ${result.file}: ${result.name}`);
  console.log(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  console.log(summary(results));
  const failed = results.filter((result) => result.outcome === "failed").length;
  return failed === 0 && results.some((result) => result.outcome === "passed") ? 0 : 1;
}

function asResult(name: string, isOk: boolean, durationMs: number): TestResult {
  return { file: "shared/tooling", name, outcome: isOk ? "passed" : "failed", durationMs };
}

function summary(results: readonly TestResult[]): string {
  const count = (outcome: TestResult["outcome"]): number => results.filter((one) => one.outcome === outcome).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}

function listSkipped(skipped: readonly TestResult[]): void {
  for (const { file, name } of skipped) {
    const path = join(repositoryRoot, file);
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    console.log(`skipped ${file}: ${name} (${skipReason(name, source, missing)})`);
  }
}

process.exitCode = await main();
