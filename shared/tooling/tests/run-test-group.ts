// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJunit, type TestResult } from "./parse-junit.ts";
import type { TestGroup } from "./test-groups.ts";

/** A run that does not end by itself is ended: one file that hangs must not hang everything. */
const runLimitMs = 15 * 60 * 1000;

/** Which files of a group to run, and how. */
export interface RunTestGroupOptions {
  /** Only files whose path contains one of these words; all when empty. */
  readonly words?: readonly string[];
  /** Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: {@link runLimitMs}. */
  readonly limitMs?: number;
  /** Say nothing; for tests of this very function. */
  readonly isQuiet?: boolean;
}

/**
 * Runs the tests of a group and returns each result, out of Bun's JUnit report. A file that ends without a report (it
 * crashed, hung or did not load) is one failed result named after it.
 */
export async function runTestGroup(
  group: TestGroup,
  repositoryRoot: string,
  options: RunTestGroupOptions = {},
): Promise<readonly TestResult[]> {
  const files = await listFiles(group, repositoryRoot, options.words ?? []);
  if (files.length === 0) return [];
  const batches = group.mode === "together" ? [files] : files.map((file) => [file]);
  const results: TestResult[] = [];
  for (const batch of batches) results.push(...(await runBatch(batch, group, repositoryRoot, options)));
  return results;
}

async function listFiles(group: TestGroup, root: string, words: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of new Bun.Glob(group.glob).scan({ cwd: root })) {
    if (words.length === 0 || words.some((word) => file.includes(word))) files.push(file);
  }
  return files.sort();
}

async function runBatch(
  batch: readonly string[],
  group: TestGroup,
  root: string,
  options: RunTestGroupOptions,
): Promise<readonly TestResult[]> {
  const directory = await mkdtemp(join(tmpdir(), "hearth-junit-"));
  const report = join(directory, "report.xml");
  const startedMs = performance.now();
  if (options.isQuiet !== true)
    console.log(`-- ${batch.length === 1 ? batch[0] : `${group.name}, ${batch.length} files`}`);
  const parallel = group.mode === "together" ? ["--parallel=2"] : [];
  const command = [process.execPath, "test", ...parallel, "--only-failures", `--timeout=${group.testTimeoutMs}`];
  const child = Bun.spawn(
    [...command, "--reporter=junit", `--reporter-outfile=${report}`, ...batch.map((file) => `./${file}`)],
    {
      cwd: root,
      env: options.environment ?? process.env,
      stdio: options.isQuiet === true ? ["ignore", "ignore", "ignore"] : ["ignore", "inherit", "inherit"],
      timeout: options.limitMs ?? runLimitMs,
      killSignal: "SIGKILL",
    },
  );
  const exitCode = await child.exited;
  const results = existsSync(report) ? parseJunit(await readFile(report, "utf8")) : [];
  await rm(directory, { recursive: true, force: true });
  const isExplained = exitCode === 0 ? results.length > 0 : results.some((result) => result.outcome === "failed");
  if (isExplained) return results;
  const name = `${batch.length === 1 ? batch[0] : group.name}: ended with ${child.signalCode ?? `exit code ${exitCode}`}`;
  const durationMs = performance.now() - startedMs;
  return [...results, { file: batch[0] ?? group.name, name, outcome: "failed", durationMs }];
}
