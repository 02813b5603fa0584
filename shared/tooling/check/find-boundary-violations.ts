// SPDX-License-Identifier: AGPL-3.0-only
import { dirname, join, normalize } from "node:path/posix";
import { findCycles } from "./find-cycles.ts";
import { areaRules, moduleOf, packageOnlyModules } from "./module-rules.ts";
import { scanImports } from "./scan-imports.ts";

/** Source files by path relative to the repository, with forward slashes. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * Holds the module table: no import past another module's `index.ts`, none that the table does not allow, none but
 * zod where a module must be portable, and no cycle between modules. Tests beside the code may import what their
 * module may, and the `testing.ts` of those modules; `test/` may import every module by its index.
 * @returns one sentence a violation
 */
export function findBoundaryViolations(files: SourceFiles): readonly string[] {
  const violations: string[] = [];
  const graph = new Map<string, Set<string>>();
  for (const [path, source] of files) {
    const from = moduleOf(path);
    for (const specifier of scanImports(path, source)) {
      const target = specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : undefined;
      const problem = target === undefined ? packageProblem(path, from, specifier) : pathProblem(path, from, target);
      if (problem !== undefined) violations.push(`${path}: ${problem}`);
      const to = target === undefined ? undefined : moduleOf(target);
      if (from === undefined || to === undefined || from === to || isTest(path)) continue;
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  for (const cycle of findCycles(graph)) violations.push(`modules import each other: ${cycle.join(" → ")}`);
  return violations;
}

function packageProblem(path: string, from: string | undefined, specifier: string): string | undefined {
  const allowed = from === undefined || isTest(path) ? undefined : packageOnlyModules.get(from);
  if (allowed === undefined || allowed.includes(specifier)) return undefined;
  return `${from} may import only ${allowed.join(", ")}, not ${specifier}`;
}

function pathProblem(path: string, from: string | undefined, target: string): string | undefined {
  const to = moduleOf(target);
  if (to !== undefined && to === from) return undefined;
  if (!target.includes("/")) return undefined; // package.json and the like, at the root
  if (from !== undefined && packageOnlyModules.has(from) && !isTest(path)) {
    return `${from} may import only ${packageOnlyModules.get(from)?.join(", ")}, not ${target}`;
  }
  if (path.startsWith("test/") && /^(test|shared\/tooling)\//.test(target)) return undefined;
  if (to === undefined) return `${target} belongs to no module`;
  if (isTestCode(path) && target === `${to}/testing.ts`) return undefined;
  if (target !== `${to}/index.ts`) return `${target} is inside ${to}; import ${to}/index.ts`;
  return isAllowed(path, to) ? undefined : `${from ?? path} may not import ${to} (see the module table)`;
}

function isAllowed(path: string, to: string): boolean {
  if (path.startsWith("test/")) return true;
  if (to.startsWith("shared/") && to !== "shared/tooling") return true;
  const rule = areaRules.find(({ area }) => path.startsWith(`${area}/`));
  if (rule === undefined) return false;
  return [rule.area, ...rule.mayImport].some((prefix) => to === prefix || to.startsWith(`${prefix}/`));
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** Tests and what modules offer to tests. */
function isTestCode(path: string): boolean {
  return isTest(path) || path.startsWith("test/") || path.endsWith("/testing.ts");
}
