// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { runBinary } from "./binary-process.ts";

/** Runs `hearth self-check` on a data folder, which is made first, and returns what it reports. */
async function selfCheck(home: string, killAfterMs?: number) {
  mkdirSync(home, { recursive: true });
  const options = { cwd: "/", env: { HEARTH_HOME: home }, ...(killAfterMs === undefined ? {} : { killAfterMs }) };
  const result = await runBinary(["self-check", "--json"], options);
  return { ...result, native: result.exitCode === 0 ? JSON.parse(result.stdout).native : undefined };
}

/** The sets of files installed in a data folder: the library and the guide model. */
function installedSets(home: string): readonly string[] {
  const native = join(home, "native");
  if (!existsSync(native)) return [];
  const names = readdirSync(native).filter((entry) => /^[0-9a-f]{16}$/.test(entry));
  return names.map((name) => join(native, name));
}

/** The installed library of a data folder. */
function installedDirectory(home: string): string {
  const found = installedSets(home).find((directory) => existsSync(join(directory, "llama-addon.node")));
  return found ?? join(home, "native/missing");
}

/** How many files a set must hold to be whole: the model is one file, the library some more. */
function isWhole(directory: string): boolean {
  const files = readdirSync(directory);
  return files.includes("guide.gguf") ? files.length === 1 : files.length > 10;
}

/** Mounts a file system of 8 MB at `path`. */
function mountTmpfs(path: string): boolean {
  if (process.platform !== "linux" || Bun.which("mount") === null) return false;
  return Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", path]).exitCode === 0;
}

/** Root in a container often may not: only trying tells. */
function canMountTmpfs(): boolean {
  using directory = temporaryDirectory();
  const isMounted = mountTmpfs(directory.path);
  if (isMounted) Bun.spawnSync(["umount", directory.path]);
  return isMounted;
}

describe("the native library of the binary", () => {
  test("with one byte changed is refused: never loaded, moved aside, installed anew", async () => {
    using directory = temporaryDirectory();
    const home = join(directory.path, "home");
    expect((await selfCheck(home)).exitCode).toBe(0);
    const library = join(installedDirectory(home), "libggml-base.so");
    const before = readFileSync(library);
    const changed = Buffer.from(before);
    changed.writeUInt8(changed.readUInt8(4096) ^ 0xff, 4096);
    chmodSync(library, 0o700);
    writeFileSync(library, changed);
    chmodSync(library, 0o500);
    const { exitCode, native } = await selfCheck(home);
    expect(exitCode).toBe(0);
    expect(native.isOk).toBe(true);
    expect(readFileSync(library).equals(before)).toBe(true);
    const refused = join(home, "native", `${native.directory.split("/").at(-1)}.refused`, "libggml-base.so");
    expect(readFileSync(refused).equals(changed)).toBe(true);
  });

  test("is not joined by a library that somebody put beside it", async () => {
    using directory = temporaryDirectory();
    const home = join(directory.path, "home");
    await selfCheck(home);
    const intruder = join(installedDirectory(home), "libggml-cpu-intruder.so");
    writeFileSync(intruder, "not ours");
    expect((await selfCheck(home)).exitCode).toBe(0);
    expect(readdirSync(installedDirectory(home))).not.toContain("libggml-cpu-intruder.so");
  });

  test("survives a kill at any moment of its installation", async () => {
    using directory = temporaryDirectory();
    const home = join(directory.path, "home");
    mkdirSync(home);
    let killed = 0;
    for (let delayMs = 10; delayMs <= 310; delayMs += 20) {
      if ((await selfCheck(home, delayMs)).signal === "SIGKILL") killed += 1;
      expect(installedSets(home).filter((directory) => !isWhole(directory))).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
    expect((await selfCheck(home)).native.isOk).toBe(true);
    expect(readdirSync(join(home, "native")).filter((entry) => entry.includes(".partial-"))).toEqual([]);
  });

  test("is installed once by four first starts at the same time", async () => {
    using directory = temporaryDirectory();
    const home = join(directory.path, "home");
    const starts = await Promise.all([1, 2, 3, 4].map(() => selfCheck(home)));
    expect(starts.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(new Set(starts.map(({ native }) => native.directory)).size).toBe(1);
    expect(readdirSync(join(home, "native"))).toHaveLength(installedSets(home).length);
    expect(statSync(installedDirectory(home)).mode & 0o777).toBe(0o700);
  });

  test.skipIf(!canMountTmpfs())(
    "says how much room it needs when the disk is full (needs the right to mount)",
    async () => {
      using directory = temporaryDirectory();
      const home = join(directory.path, "home");
      mkdirSync(home);
      expect(mountTmpfs(home)).toBe(true);
      try {
        const { exitCode, stdout } = await selfCheck(home);
        expect(exitCode).toBe(1);
        const { native } = JSON.parse(stdout);
        expect(native).toMatchObject({ isOk: false, code: "disk-full" });
        expect(native.message).toMatch(/no room in .*native for the \d\d MB/);
        expect(readdirSync(join(home, "native"))).toEqual([]);
      } finally {
        Bun.spawnSync(["umount", home]);
      }
    },
  );
});
