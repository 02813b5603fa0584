// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { binaryPath, runBinary } from "./binary-process.ts";

const trap = (marker: string): string => `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "ran");\n`;

/** A folder in which everything that Bun or Node would pick up by itself writes a file when it is picked up. */
function layTraps(folder: string, marker: string, home: string): void {
  const files: Readonly<Record<string, string>> = {
    "bunfig.toml": 'preload = ["./trap.ts"]\n[run]\npreload = ["./trap.ts"]\n[test]\npreload = ["./trap.ts"]\n',
    "trap.ts": trap(marker),
    ".env": `HEARTH_HOME=${home}\nHEARTH_LISTEN=nonsense\nNODE_OPTIONS=--require=${join(folder, "trap.ts")}\n`,
    ".env.local": "HEARTH_LISTEN=nonsense\n",
    ".env.production": "HEARTH_LISTEN=nonsense\n",
    "package.json": '{"name":"trap","type":"commonjs","imports":{"#trap":"./trap.ts"},"bun":{"preload":"./trap.ts"}}',
    "tsconfig.json": '{"compilerOptions":{"paths":{"*":["./trap.ts"]},"jsxImportSource":"./trap"}}',
    "index.ts": trap(marker),
    "main.ts": trap(marker),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  for (const name of ["zod", "node-llama-cpp", "hono", "commander", "@node-llama-cpp/linux-x64", "bun"]) {
    const directory = join(folder, "node_modules", name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), JSON.stringify({ name, version: "99.0.0", main: "index.js" }));
    writeFileSync(join(directory, "index.js"), trap(marker));
  }
}

describe("a folder full of traps", () => {
  test("changes nothing: no file of it is run or read", async () => {
    using directory = temporaryDirectory();
    const folder = join(directory.path, "trapped");
    mkdirSync(folder);
    const marker = join(directory.path, "marker");
    const wrongHome = join(directory.path, "wrong-home");
    layTraps(folder, marker, wrongHome);
    const env = { HEARTH_HOME: join(directory.path, "home") };
    for (const words of [["--version"], ["self-check", "--json"], ["channel", "ls", "--json"]]) {
      const { exitCode, stderr } = await runBinary(words, { cwd: folder, env });
      expect({ words, exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ words, exitCode: 0, stderr: "" });
    }
    expect(existsSync(marker)).toBe(false);
    expect(existsSync(wrongHome)).toBe(false);
  });

  test("would catch a Bun that reads its folder (so this test can fail)", async () => {
    using directory = temporaryDirectory();
    const marker = join(directory.path, "marker");
    layTraps(directory.path, marker, join(directory.path, "wrong-home"));
    writeFileSync(join(directory.path, "empty.ts"), "");
    await Bun.spawn([process.execPath, "empty.ts"], {
      cwd: directory.path,
      env: {},
      stdio: ["ignore", "ignore", "ignore"],
    }).exited;
    expect(existsSync(marker)).toBe(true);
  });

  test("nothing is written into the folder it is started in, nor beside the binary", async () => {
    using directory = temporaryDirectory();
    const folder = join(directory.path, "empty");
    mkdirSync(folder);
    const before = readdirSync(dirname(binaryPath));
    const env = { HEARTH_HOME: join(directory.path, "home"), TMPDIR: folder };
    await runBinary(["self-check"], { cwd: folder, env });
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(dirname(binaryPath))).toEqual(before);
  });
});
