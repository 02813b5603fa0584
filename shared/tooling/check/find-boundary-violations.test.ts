// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { findBoundaryViolations } from "./find-boundary-violations.ts";

/** What is found in a repository of these files. */
function violationsOf(files: Readonly<Record<string, string>>): readonly string[] {
  return findBoundaryViolations(new Map(Object.entries(files)));
}

describe("module boundaries", () => {
  test("an import through the index of an allowed module is fine, types included", () => {
    const violations = violationsOf({
      "appliance/agent/turns/a.ts": `
        import { storage } from "../../ops/storage/index.ts";
        import type { Vault } from "../../gateway/encryption/index.ts";
        import { z } from "zod";
        import { own } from "./own.ts";
        import { manualClock } from "../../../shared/testing/index.ts";`,
    });
    expect(violations).toEqual([]);
  });

  test.each([
    ["a value", 'import { a } from "../../ops/storage/storage.ts";'],
    ["a type", 'import type { A } from "../../ops/storage/storage.ts";'],
    ["an inline type", 'import { type A } from "../../ops/storage/storage.ts";'],
    ["a re-export", 'export * from "../../ops/storage/storage.ts";'],
    ["a re-exported type", 'export type { A } from "../../ops/storage/storage.ts";'],
    ["a dynamic import", 'const a = await import("../../ops/storage/storage.ts");'],
    ["a side effect", 'import "../../ops/storage/storage.ts";'],
  ])("%s from inside another module is found", (_name, statement) => {
    expect(violationsOf({ "appliance/agent/turns/a.ts": statement })).toEqual([
      "appliance/agent/turns/a.ts: appliance/ops/storage/storage.ts is inside appliance/ops/storage; import appliance/ops/storage/index.ts",
    ]);
  });

  test.each([
    ["appliance/gateway/audit/a.ts", "../../agent/turns/index.ts", "appliance/agent/turns"],
    ["appliance/inference/engine/a.ts", "../../gateway/encryption/index.ts", "appliance/gateway/encryption"],
    ["appliance/agent/turns/a.ts", "../../messaging/router/index.ts", "appliance/messaging/router"],
    ["appliance/offload/worker/a.ts", "../../inference/engine/index.ts", "appliance/inference/engine"],
    ["shared/errors/a.ts", "../../appliance/ops/storage/index.ts", "appliance/ops/storage"],
    ["appliance/ops/storage/a.ts", "../../app/index.ts", "appliance/app"],
    ["appliance/agent/turns/a.ts", "../../../shared/tooling/index.ts", "shared/tooling"],
    ["cloud/api/a.ts", "../../appliance/agent/turns/index.ts", "appliance/agent/turns"],
  ])("%s may not import %s", (path, specifier, module) => {
    const [violation] = violationsOf({ [path]: `import { a } from "${specifier}";` });
    expect(violation).toContain(`may not import ${module} (see the module table)`);
  });

  test("the protocol of plugins imports nothing but zod, not even shared", () => {
    const violations = violationsOf({
      "appliance/messaging/protocol/a.ts":
        'import { z } from "zod"; import { b } from "./b.ts"; import { HearthError } from "../../../shared/errors/index.ts"; import { c } from "hono";',
    });
    expect(violations).toHaveLength(2);
    expect(violations.every((violation) => violation.includes("may import only zod"))).toBe(true);
  });

  test("modules that import each other are found", () => {
    const violations = violationsOf({
      "appliance/gateway/audit/a.ts": 'import { b } from "../rate-limit/index.ts";',
      "appliance/gateway/rate-limit/b.ts": 'import type { C } from "../privacy/index.ts";',
      "appliance/gateway/privacy/c.ts": 'import { a } from "../audit/index.ts";',
    });
    expect(violations).toEqual([
      "modules import each other: appliance/gateway/audit → appliance/gateway/rate-limit → appliance/gateway/privacy → appliance/gateway/audit",
    ]);
  });

  test("an adapter is a module of its own", () => {
    const [violation] = violationsOf({
      "appliance/messaging/adapters/xmpp/a.ts": 'import { b } from "../webhook/sign.ts";',
    });
    expect(violation).toContain("inside appliance/messaging/adapters/webhook");
  });

  test("test/ may import every module, by its index or its testing.ts", () => {
    const allowed =
      'import { a } from "../../appliance/ops/storage/index.ts"; import { b } from "../../appliance/agent/turns/testing.ts"; import { c } from "../fixtures/c.ts";';
    expect(violationsOf({ "test/integration/a.test.ts": allowed })).toEqual([]);
    expect(
      violationsOf({ "test/integration/a.test.ts": 'import { a } from "../../appliance/ops/storage/a.ts";' }),
    ).toHaveLength(1);
    expect(violationsOf({ "appliance/ops/health/a.ts": 'import { b } from "../storage/testing.ts";' })).toHaveLength(1);
  });

  test("words in strings and comments are no imports", () => {
    const source = 'const text = "import { a } from \'../../ops/storage/storage.ts\'"; // import "../../ops/x/y.ts"';
    expect(violationsOf({ "appliance/agent/turns/a.ts": source })).toEqual([]);
  });
});
