// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../testing/index.ts";
import { findStrayTests } from "./find-stray-tests.ts";
import { parseJunit } from "./parse-junit.ts";
import { runTestGroup } from "./run-test-group.ts";
import { skipReason } from "./skip-reason.ts";
import type { TestGroup } from "./test-groups.ts";

describe("a JUnit report", () => {
  test("gives each test with its group, its name in plain characters, and how it went", () => {
    const xml = `<testsuites><testsuite name="x">
      <testcase name="ok &lt;1&gt; &quot;q&quot; 中" classname="a &gt; b" time="0.002" file="x.test.ts" />
      <testcase name="left out" classname="" time="0" file="x.test.ts"><skipped /></testcase>
      <testcase name="later" classname="" time="0" file="x.test.ts"><skipped message="TODO" /></testcase>
      <testcase name="bad" classname="" time="0" file="x.test.ts"><failure type="E">a &gt; b</failure></testcase>
    </testsuite></testsuites>`;
    expect(parseJunit(xml)).toEqual([
      { file: "x.test.ts", name: 'a > b > ok <1> "q" 中', outcome: "passed", durationMs: 2 },
      { file: "x.test.ts", name: "left out", outcome: "skipped", durationMs: 0 },
      { file: "x.test.ts", name: "later", outcome: "skipped", durationMs: 0 },
      { file: "x.test.ts", name: "bad", outcome: "failed", durationMs: 0 },
    ]);
  });
});

describe("a skipped test", () => {
  test("is explained by the software it names that is missing, else by its own words", () => {
    expect(skipReason("answers", 'Bun.which("prosody")', ["prosody", "chromium"])).toBe("not on this machine: prosody");
    expect(skipReason("is fast (needs a GPU)", "", ["prosody"])).toBe("needs a GPU");
    expect(skipReason("answers (quickly)", "", [])).toBe("no reason given");
  });
});

describe("a test file", () => {
  test("that no tier would run is found", () => {
    const paths = ["shared/a/a.test.ts", "test/e2e/a.e2e.test.ts", "test/faults/a.fault.test.ts", "test/harness/a.ts"];
    expect(findStrayTests(paths)).toEqual([]);
    const strays = ["test/e2e/a.test.ts", "test/other/a.test.ts", "docs/a.test.ts", "shared/a/a.spec.ts"];
    expect(findStrayTests(strays)).toHaveLength(strays.length);
  });
});

describe("a group of tests", () => {
  const group: TestGroup = { name: "x", glob: "*.test.ts", mode: "one-by-one", testTimeoutMs: 2000 };
  const file = (body: string): string => `import { test, expect } from "bun:test";\n${body}`;

  test("that ends without a report is a failure named after its file", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "a.test.ts"), file('test("fine", () => expect(1).toBe(1));'));
    writeFileSync(join(directory.path, "b.test.ts"), "process.exit(3);");
    const results = await runTestGroup(group, directory.path, { environment: {}, isQuiet: true });
    expect(results.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      "fine passed",
      "b.test.ts: ended with exit code 3 failed",
    ]);
  });

  test("that hangs is ended and is a failure", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "a.test.ts"), file("while (true);"));
    const results = await runTestGroup(group, directory.path, { limitMs: 400, environment: {}, isQuiet: true });
    expect(results).toMatchObject([{ outcome: "failed", name: "a.test.ts: ended with SIGKILL" }]);
  });

  test("runs only the files asked for", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "a.test.ts"), file('test("one", () => {});'));
    writeFileSync(join(directory.path, "b.test.ts"), file('test("other", () => {});'));
    const results = await runTestGroup(group, directory.path, { words: ["b.test"], environment: {}, isQuiet: true });
    expect(results.map(({ name }) => name)).toEqual(["other"]);
  });
});
