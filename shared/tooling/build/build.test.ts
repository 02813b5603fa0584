// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import packageLock from "../../../package-lock.json" with { type: "json" };
import { temporaryDirectory } from "../../testing/index.ts";
import { binaryFormat } from "./binary-format.ts";
import { renderConsoleModule, renderEmbeddedContentModule } from "./render-modules.ts";
import { buildTargets, hostTargetName, isBuildTargetName } from "./targets.ts";

describe("build targets", () => {
  test("are those that the contract names", () => {
    expect(Object.keys(buildTargets).sort()).toEqual([
      "darwin-arm64",
      "linux-arm64",
      "linux-x64",
      "linux-x64-cuda",
      "linux-x64-vulkan",
    ]);
  });

  test("carry the Bun that everything is tested with", () => {
    for (const target of Object.values(buildTargets))
      expect(target.runtime.version).toBe(packageJson.devDependencies.bun);
  });

  test("pin the content that the lock file pins, where it knows the package", () => {
    const locked = packageLock.packages as Record<string, { name?: string; integrity?: string } | undefined>;
    for (const { addon, runtime } of Object.values(buildTargets)) {
      for (const pinned of [addon, runtime]) {
        const entry = locked[`node_modules/${pinned.name}`];
        if (entry?.integrity !== undefined && entry.name === undefined) expect(pinned.integrity).toBe(entry.integrity);
      }
    }
  });

  test("are chosen by the machine's platform; a word that is none is refused", () => {
    expect(hostTargetName("linux", "x64")).toBe("linux-x64");
    expect(hostTargetName("win32", "x64")).toBeUndefined();
    expect(isBuildTargetName("toString")).toBe(false);
  });
});

describe("the format of a binary", () => {
  const elf = (machine: number): Uint8Array => {
    const bytes = new Uint8Array(64);
    bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    bytes[18] = machine;
    return bytes;
  };

  test("is read from its header", () => {
    expect(binaryFormat(elf(0x3e))).toBe("elf-x64");
    expect(binaryFormat(elf(0xb7))).toBe("elf-arm64");
    expect(binaryFormat(elf(0x28))).toBeUndefined();
    const macho = Uint8Array.fromHex(`cffaedfe0c000001${"00".repeat(24)}`);
    expect(binaryFormat(macho)).toBe("macho-arm64");
    expect(binaryFormat(new Uint8Array(8))).toBeUndefined();
  });
});

describe("modules that the build writes", () => {
  test("list what is embedded, at its place beside the program", async () => {
    const file = { name: "a.so", sizeBytes: 1, sha256: "00", source: "native__a.so" };
    const source = renderEmbeddedContentModule({
      target: "linux-x64",
      variant: "cpu",
      addonVersion: "1.0.0",
      native: [file],
      models: [],
      console: [],
    });
    using directory = temporaryDirectory();
    const { embeddedContent } = (await importText(directory.path, source)) as { embeddedContent: { native: unknown } };
    expect(embeddedContent.native).toEqual([{ ...file, source: `${directory.path}/native__a.so` }]);
  });

  test("give the console's files with their types", async () => {
    using directory = temporaryDirectory();
    writeFileSync(join(directory.path, "console__index.html"), "<p>");
    const file = { path: "index.html", contentType: "text/html", source: "console__index.html" };
    const { loadConsoleAssets } = (await importText(directory.path, renderConsoleModule([file]))) as {
      loadConsoleAssets(): Promise<Map<string, { contentType: string; bytes: Uint8Array }>>;
    };
    const asset = (await loadConsoleAssets()).get("index.html");
    expect(asset?.contentType).toBe("text/html");
    expect(new TextDecoder().decode(asset?.bytes)).toBe("<p>");
  });
});

async function importText(directory: string, source: string): Promise<unknown> {
  writeFileSync(join(directory, "module.mjs"), source);
  return import(join(directory, "module.mjs"));
}
