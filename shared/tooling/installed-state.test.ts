// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../testing/index.ts";
// @ts-expect-error plain JavaScript without declarations: it runs on Node before anything is installed
import { installedState } from "./installed-state.mjs";
// @ts-expect-error as above
import { sourceStamp } from "./source-stamp.mjs";

const entry = { version: "1.0.0", integrity: "sha512-a" };

/** The state of a repository whose lock file and node_modules hold these packages. */
function stateOf(wanted: Record<string, object>, installed: Record<string, object> | undefined): unknown {
  using directory = temporaryDirectory();
  const root = directory.path;
  writeFileSync(join(root, "package.json"), JSON.stringify({ dependencies: { a: "1.0.0" } }));
  const top = { "": { dependencies: { a: "1.0.0" } } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { ...top, ...wanted } }));
  if (installed !== undefined) {
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  }
  return installedState(root);
}

describe("what is installed", () => {
  test("is current when it is what the lock file says", () => {
    expect(stateOf({ "node_modules/a": entry }, { "node_modules/a": entry })).toEqual({ isCurrent: true });
  });

  test("is not when nothing is there, a version or a content differs", () => {
    const changed = { ...entry, integrity: "sha512-b" };
    for (const installed of [
      undefined,
      {},
      { "node_modules/a": { version: "1.0.1" } },
      { "node_modules/a": changed },
    ]) {
      expect(stateOf({ "node_modules/a": entry }, installed)).toMatchObject({ isCurrent: false });
    }
  });

  test("need not hold packages for other platforms, nor optional ones that npm left out", () => {
    const foreign = { ...entry, os: ["aix"] };
    const optional = { ...entry, optional: true };
    const wanted = { "node_modules/a": entry, "node_modules/b": foreign, "node_modules/c": optional };
    expect(stateOf(wanted, { "node_modules/a": entry })).toEqual({ isCurrent: true });
  });
});

describe("the stamp of the sources", () => {
  test("changes with the program, not with its tests", () => {
    using directory = temporaryDirectory();
    for (const folder of ["appliance", "shared"]) mkdirSync(join(directory.path, folder));
    for (const file of ["package.json", "package-lock.json", "tsconfig.json", "appliance/a.ts"]) {
      writeFileSync(join(directory.path, file), "1");
    }
    const first = sourceStamp(directory.path);
    writeFileSync(join(directory.path, "appliance/a.test.ts"), "1");
    expect(sourceStamp(directory.path)).toBe(first);
    writeFileSync(join(directory.path, "appliance/a.ts"), "2");
    expect(sourceStamp(directory.path)).not.toBe(first);
  });
});
