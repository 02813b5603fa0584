// SPDX-License-Identifier: AGPL-3.0-only
import type { SourceFiles } from "./find-boundary-violations.ts";

const header = "// SPDX-License-Identifier: AGPL-3.0-only";

/** A rule that a line can break, and where it does not hold. */
interface LineRule {
  readonly pattern: RegExp;
  readonly message: string;
  readonly exempt: RegExp;
}

const testCode = /\.test\.tsx?$|^test\/|\/testing\.ts$/;
const nowhere = /^$/;

const lineRules: readonly LineRule[] = [
  // "new Error(" inside a template is code that the build writes, not code that runs here.
  {
    pattern: /^[^`"']*\bthrow new Error\(/,
    message: "throws a bare Error; throw a HearthError with a code",
    exempt: testCode,
  },
  { pattern: /(\/\/|\/\*)\s*@ts-(ignore|nocheck)\b/, message: "silences the type checker", exempt: nowhere },
  { pattern: /^(?!\s*(\*|\/\/))[^`"'/]*\bas any\b/, message: "casts to any", exempt: nowhere },
  { pattern: /^export default\b/, message: "has a default export", exempt: nowhere },
  { pattern: /catch\s*(\([^)]*\))?\s*\{\s*\}/, message: "ignores an error without a reason", exempt: nowhere },
];

/**
 * What the linter does not know of the house style: the licence line, typed errors, no silencing, named exports.
 * @returns one sentence a violation, with the line
 */
export function findHouseRuleViolations(files: SourceFiles): readonly string[] {
  const violations: string[] = [];
  for (const [path, source] of files) {
    const lines = source.split("\n");
    const first = lines[0]?.startsWith("#!") === true ? lines[1] : lines[0];
    if (first?.trim() !== header) violations.push(`${path}:1 does not begin with "${header}"`);
    for (const rule of lineRules) {
      if (rule.exempt.test(path)) continue;
      lines.forEach((line, index) => {
        if (rule.pattern.test(line)) violations.push(`${path}:${index + 1} ${rule.message}`);
      });
    }
  }
  return violations;
}
