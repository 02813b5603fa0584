// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { binaryPath, runBinary } from "./binary-process.ts";

const root = join(import.meta.dir, "../..");

describe("the binary", () => {
  test("is smaller than 160 MB", () => {
    expect(statSync(binaryPath).size).toBeLessThan(160_000_000);
  });

  test("holds no path of the machine it was built on", () => {
    const binary = readFileSync(binaryPath);
    for (const path of ["appliance/", "shared/", "node_modules/node-llama-cpp/"]) {
      expect(binary.indexOf(join(root, path))).toBe(-1);
    }
  });

  test("says its version with nothing in its environment", async () => {
    using directory = temporaryDirectory();
    const { exitCode, stdout } = await runBinary(["--version"], { cwd: directory.path, env: {} });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(packageJson.version);
  });

  test("explains itself with --help", async () => {
    using directory = temporaryDirectory();
    const { exitCode, stdout } = await runBinary(["--help"], { cwd: directory.path, env: {} });
    expect(exitCode).toBe(0);
    for (const command of ["up", "status", "doctor", "channel", "self-check"]) expect(stdout).toContain(command);
  });

  test("refuses a command that does not exist: an error on stderr, nothing on stdout, an exit code that is not 0", async () => {
    using directory = temporaryDirectory();
    const env = { HEARTH_HOME: join(directory.path, "home") };
    const { exitCode, stdout, stderr } = await runBinary(["frobnicate"], { cwd: directory.path, env });
    expect(exitCode).toBeGreaterThan(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("frobnicate");
  });

  test("refuses a configuration it cannot read before it makes anything", async () => {
    using directory = temporaryDirectory();
    const env = { HEARTH_HOME: join(directory.path, "home"), HEARTH_LISTEN: "nowhere" };
    const { exitCode, stderr } = await runBinary(["up"], { cwd: directory.path, env });
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toContain("HEARTH_LISTEN");
  });

  test("checks itself and says which library it loaded", async () => {
    using directory = temporaryDirectory();
    const env = { HEARTH_HOME: join(directory.path, "home") };
    const { exitCode, stderr, stdout } = await runBinary(["self-check", "--json"], { cwd: directory.path, env });
    expect(stderr).toBe("");
    expect(readdirSync(directory.path)).toEqual([]);
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(report.version).toBe(packageJson.version);
    expect(report.native).toMatchObject({ isOk: true, target: `${process.platform}-${process.arch}` });
    expect(report.native.checkedFiles).toBeGreaterThan(5);
  });
});
