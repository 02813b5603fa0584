// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";
// @ts-expect-error plain JavaScript without declarations: it runs on Node before anything is installed
import { sourceStamp } from "../../shared/tooling/source-stamp.mjs";

const root = join(import.meta.dir, "../..");

/** Builds a target as `npm run build` does and returns what it printed. */
async function build(target: string, outfile: string): Promise<string> {
  const script = join(root, "shared/tooling/build.ts");
  const child = Bun.spawn([process.execPath, script, "--target", target, "--outfile", outfile], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect({ target, exitCode: await child.exited, stderr }).toEqual({ target, exitCode: 0, stderr: "" });
  return stdout;
}

function hashIn(output: string): string {
  return /SHA-256 ([0-9a-f]{64})/.exec(output)?.[1] ?? `no hash in ${output}`;
}

describe("the build", () => {
  test("of the same sources twice gives the same bytes", async () => {
    using directory = temporaryDirectory();
    // Somebody may be editing while this runs: what is compared must be two builds of one state.
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const before = sourceStamp(root);
      const first = hashIn(await build("linux-x64", join(directory.path, "one")));
      const second = hashIn(await build("linux-x64", join(directory.path, "other")));
      if (sourceStamp(root) !== before && attempt < 3) continue;
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(second).toBe(first);
      return;
    }
  });

  // The build itself opens what it built and checks its type, and that the libraries of that platform are inside.
  test.each([
    ["linux-arm64", 160],
    ["darwin-arm64", 160],
    ["linux-x64-vulkan", 230],
    ["linux-x64-cuda", 350],
  ])("makes %s here, of at most %d MB, with the libraries of that platform", async (target, limitMegabytes) => {
    using directory = temporaryDirectory();
    const output = await build(target, join(directory.path, "hearth"));
    const [, megabytes, libraries] = /: ([\d.]+) MB with (\d+) native files/.exec(output) ?? [];
    expect(Number(megabytes)).toBeLessThan(limitMegabytes);
    expect(Number(libraries)).toBeGreaterThan(5);
  });

  test("refuses a target that does not exist, with the list of those that do", async () => {
    const child = Bun.spawn([process.execPath, join(root, "shared/tooling/build.ts"), "--target", "amiga"], {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const stderr = await new Response(child.stderr).text();
    expect(await child.exited).toBe(2);
    expect(stderr).toContain("linux-x64-vulkan");
    expect(stderr).toContain("amiga");
  });
});
