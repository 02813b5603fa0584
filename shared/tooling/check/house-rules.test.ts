// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { compareDependencyList } from "./check-dependency-list.ts";
import { findHouseRuleViolations } from "./find-house-rule-violations.ts";
import { maximumLines, measureFileSizes } from "./measure-file-sizes.ts";

const header = "// SPDX-License-Identifier: AGPL-3.0-only\n";

function rulesBrokenBy(path: string, code: string): readonly string[] {
  return findHouseRuleViolations(new Map([[path, header + code]]));
}

describe("house rules", () => {
  test("a file without the licence line is found, with a shebang before it or not", () => {
    const files = new Map([
      ["shared/a/a.ts", "export const a = 1;\n"],
      ["shared/a/b.ts", `#!/usr/bin/env bun\n${header}`],
    ]);
    expect(findHouseRuleViolations(files)).toEqual([expect.stringContaining("shared/a/a.ts:1 ")]);
  });

  test.each([
    ['throw new Error("no");', "bare Error"],
    [`// @ts-${"ignore"}`, "type checker"],
    ["const a = b as any;", "any"],
    ["export default a;", "default export"],
    [`try { a(); } ${"catch"} {}`, "without a reason"],
    [`try { a(); } ${"catch"} (error) { }`, "without a reason"],
  ])("%s is found, with its line", (code, message) => {
    const violations = rulesBrokenBy("shared/a/a.ts", `\n${code}\n`);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toStartWith("shared/a/a.ts:3 ");
    expect(violations[0]).toContain(message);
  });

  test("a test may throw what it likes", () => {
    expect(rulesBrokenBy("shared/a/a.test.ts", 'throw new Error("no");')).toEqual([]);
  });
});

describe("file sizes", () => {
  test("a file over the limit is named with its length; one at the limit is not", () => {
    const sizes = measureFileSizes(
      new Map([
        ["a.ts", "x\n".repeat(maximumLines)],
        ["b.ts", "x\n".repeat(maximumLines + 1)],
      ]),
    );
    expect(sizes.tooLong).toEqual([{ path: "b.ts", lines: maximumLines + 1 }]);
  });

  test("median and p95 are those of the program, not of its tests", () => {
    const files = new Map([...Array(20).keys()].map((index) => [`${index}.ts`, "x\n".repeat(index + 1)]));
    files.set("a.test.ts", "x\n".repeat(300));
    expect(measureFileSizes(files)).toMatchObject({ median: 11, p95: 20 });
  });
});

describe("the list of dependencies", () => {
  test("names what has no line, what is gone, and what is not pinned", () => {
    const list = "| `zod` | a | b | c |\n| `left` | a | b | c |\n";
    expect(compareDependencyList({ zod: "^4.0.0", hono: "4.1.2" }, list)).toEqual([
      "zod is not pinned to one version: ^4.0.0",
      "shared/DEPENDENCIES.md has no line for hono",
      "shared/DEPENDENCIES.md explains left, which is not a dependency",
    ]);
  });
});
