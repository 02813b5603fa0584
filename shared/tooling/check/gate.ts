// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";
import { runTool } from "../build/run-tool.ts";
import { findStrayTests } from "../tests/find-stray-tests.ts";
import { checkDependencyList } from "./check-dependency-list.ts";
import { checkNotices } from "./check-notices.ts";
import { findBoundaryViolations } from "./find-boundary-violations.ts";
import { findHouseRuleViolations } from "./find-house-rule-violations.ts";
import { maximumLines, measureFileSizes } from "./measure-file-sizes.ts";
import { readSources } from "./read-sources.ts";

/** What one part of the gate found. */
export interface GateResult {
  readonly name: string;
  readonly isOk: boolean;
  /** What to mend, or what was measured. */
  readonly detail: string;
  readonly durationMs: number;
}

type Finding = Omit<GateResult, "name" | "durationMs">;

/**
 * Everything that must hold before code is worth running: format, lint, types, boundaries, sizes, house rules, dead
 * code, dependencies and notices. The tools run side by side; the unit tests come on top (`check.ts`, `run-tests.ts`).
 */
export async function runGate(repositoryRoot: string): Promise<readonly GateResult[]> {
  const files = await readSources(repositoryRoot);
  const tool = (...words: string[]): (() => Promise<Finding>) => {
    return async () => {
      const [name = "", ...rest] = words;
      const ran = await runTool([join(repositoryRoot, "node_modules/.bin", name), ...rest], repositoryRoot);
      return { isOk: ran.exitCode === 0, detail: ran.exitCode === 0 ? "" : ran.output };
    };
  };
  const parts: readonly [string, () => Promise<Finding>][] = [
    ["format and lint", tool("biome", "check", "--error-on-warnings", "--max-diagnostics=20", "--colors=off")],
    ["types", tool("tsc", "--noEmit", "--project", ".")],
    ["dead code", tool("knip", "--no-progress")],
    ["module boundaries", async () => listFinding(findBoundaryViolations(files))],
    ["house rules", async () => listFinding(findHouseRuleViolations(files))],
    ["every test is run", async () => listFinding(findStrayTests(files.keys()))],
    ["file sizes", async () => sizesFinding(measureFileSizes(files))],
    ["dependencies are explained", async () => listFinding(await checkDependencyList(repositoryRoot))],
    ["third-party notices", async () => listFinding(await checkNotices(repositoryRoot))],
  ];
  return Promise.all(parts.map(([name, run]) => measure(name, run)));
}

async function measure(name: string, run: () => Promise<Finding>): Promise<GateResult> {
  const startedMs = performance.now();
  const finding = await run();
  return { name, ...finding, durationMs: performance.now() - startedMs };
}

function listFinding(problems: readonly string[]): Finding {
  return { isOk: problems.length === 0, detail: problems.join("\n") };
}

function sizesFinding(sizes: ReturnType<typeof measureFileSizes>): Finding {
  const measured = `median ${sizes.median} lines, p95 ${sizes.p95}`;
  const tooLong = sizes.tooLong.map(
    ({ path, lines }) => `${path} has ${lines} lines, at most ${maximumLines} are allowed`,
  );
  return { isOk: tooLong.length === 0, detail: [measured, ...tooLong].join("\n") };
}
