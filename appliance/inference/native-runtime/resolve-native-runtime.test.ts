// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "../../../shared/logging/index.ts";
import { manualClock, temporaryDirectory } from "../../../shared/testing/index.ts";
import { type EmbeddedContent, type EmbeddedFile, resolveBundledFile, resolveNativeRuntime } from "./index.ts";

const metadata = JSON.stringify({
  buildOptions: {
    customCmakeOptions: {},
    progressLogs: true,
    platform: "linux",
    platformInfo: { name: "Ubuntu", version: "22.04" },
    arch: "x64",
    gpu: false,
    llamaCpp: { repo: "ggml-org/llama.cpp", release: "v0.5.0" },
  },
});

function embed(directory: string, name: string, text: string): EmbeddedFile {
  const source = join(directory, name);
  writeFileSync(source, text);
  return { name, source, sizeBytes: text.length, sha256: createHash("sha256").update(text).digest("hex") };
}

function embedContent(directory: string): EmbeddedContent {
  return {
    target: "linux-x64",
    variant: "cpu",
    addonVersion: "3.22.1",
    native: [embed(directory, "llama-addon.node", "add-on"), embed(directory, "_nlcBuildMetadata.json", metadata)],
    models: [embed(directory, "guide.gguf", "GGUF")],
  };
}

describe("the native runtime", () => {
  test("run from source is the one that npm installed", async () => {
    const runtime = await resolveNativeRuntime({ home: "/nowhere", logger: silentLogger });
    expect(existsSync(runtime.addonPath)).toBe(true);
    expect(runtime.buildMetadata.buildOptions.llamaCpp.repo).toBe("ggml-org/llama.cpp");
  });

  test("of a binary is installed below the data folder and described by its own metadata", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const content = embedContent(source.path);
    const runtime = await resolveNativeRuntime({ home: home.path, logger: silentLogger, content });
    expect(runtime.directory.startsWith(join(home.path, "native"))).toBe(true);
    expect(runtime.variant).toBe("cpu");
    expect(runtime.buildMetadata.buildOptions.llamaCpp.release).toBe("v0.5.0");
  });

  test("removes what a killed process left half-written, but not what another one is writing", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const parent = join(home.path, "native");
    const dead = join(parent, `0123456789abcdef.partial-4194303-00`);
    const alive = join(parent, `0123456789abcdef.partial-${process.pid}-00`);
    for (const path of [dead, alive]) mkdirSync(path, { recursive: true });
    await resolveNativeRuntime({ home: home.path, logger: silentLogger, content: embedContent(source.path) });
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });

  test("removes sets of other versions only when no start has used them for 30 days", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const clock = manualClock();
    const day = 24 * 60 * 60;
    const parent = join(home.path, "native");
    for (const [name, ageDays] of [
      ["aaaaaaaaaaaaaaaa", 29],
      ["bbbbbbbbbbbbbbbb", 31],
    ] as const) {
      mkdirSync(join(parent, name), { recursive: true });
      const seconds = clock.now() / 1000 - ageDays * day;
      utimesSync(join(parent, name), seconds, seconds);
    }
    await resolveNativeRuntime({ home: home.path, logger: silentLogger, clock, content: embedContent(source.path) });
    expect(readdirSync(parent)).toContain("aaaaaaaaaaaaaaaa");
    expect(readdirSync(parent)).not.toContain("bbbbbbbbbbbbbbbb");
  });
});

describe("a bundled file", () => {
  test("that is compressed in the binary is unpacked and checked as it will lie on disk", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const plain = embed(source.path, "guide.gguf", "GGUF".repeat(100));
    const packed = join(source.path, "guide.gguf.zst");
    writeFileSync(packed, Bun.zstdCompressSync(readFileSync(plain.source)));
    const content = { ...embedContent(source.path), models: [{ ...plain, source: packed }] };
    const path = await resolveBundledFile("guide.gguf", { home: home.path, logger: silentLogger, content });
    expect(readFileSync(path, "utf8")).toBe("GGUF".repeat(100));
  });

  test("is installed as a real file with the embedded bytes", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const options = { home: home.path, logger: silentLogger, content: embedContent(source.path) };
    expect(readFileSync(await resolveBundledFile("guide.gguf", options), "utf8")).toBe("GGUF");
  });

  test("that the build does not hold is an error that names it", async () => {
    using home = temporaryDirectory();
    using source = temporaryDirectory();
    const options = { home: home.path, logger: silentLogger, content: embedContent(source.path) };
    const thrown = await resolveBundledFile("other.gguf", options).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "bundled-file-missing", message: "other.gguf is not part of this build" });
  });
});
