// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { ConsoleAsset } from "./console-assets.ts";

/** What {@link buildConsole} wrote, in the order of the paths. */
export interface ConsoleManifest {
  readonly files: readonly {
    readonly path: string;
    readonly contentType: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }[];
}

const clientDirectory = join(import.meta.dir, "client");

const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/**
 * Bundles the console in memory. File names carry a hash of their content, so that they may be cached for ever;
 * `index.html` refers to them and holds neither script nor style of its own, as the content security policy asks.
 */
export async function bundleConsole(): Promise<Map<string, ConsoleAsset>> {
  const built = await Bun.build({
    entrypoints: [join(clientDirectory, "main.tsx")],
    target: "browser",
    format: "esm",
    minify: true,
    sourcemap: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    naming: "[name]-[hash].[ext]",
    throw: false,
  });
  if (!built.success) {
    throw new HearthError({
      code: "console-build-failed",
      message: `the console does not build: ${built.logs.map(String).join("; ")}`,
      remedy: "Correct the reported source file and build again.",
    });
  }
  const assets = new Map<string, ConsoleAsset>();
  const names: Record<string, string> = {};
  for (const output of built.outputs) {
    const name = output.path.replace(/^\.?\//, "");
    const extension = name.slice(name.lastIndexOf(".") + 1);
    names[extension] = `assets/${name}`;
    assets.set(`assets/${name}`, {
      bytes: new Uint8Array(await output.arrayBuffer()),
      contentType: contentTypes[extension] ?? "application/octet-stream",
    });
  }
  const icon = await readFile(join(clientDirectory, "icon.svg"));
  const iconName = `assets/icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
  assets.set(iconName, { bytes: new Uint8Array(icon), contentType: "image/svg+xml" });
  const page = (await readFile(join(clientDirectory, "index.html"), "utf8"))
    .replaceAll("%SCRIPT%", `/${names.js}`)
    .replaceAll("%STYLES%", `/${names.css}`)
    .replaceAll("%ICON%", `/${iconName}`);
  assets.set("index.html", { bytes: new TextEncoder().encode(page), contentType: "text/html; charset=utf-8" });
  return assets;
}

/** Builds the console into `outDirectory` (created when missing) and says what was written. */
export async function buildConsole(outDirectory: string): Promise<ConsoleManifest> {
  const assets = await bundleConsole();
  const files: ConsoleManifest["files"][number][] = [];
  for (const [path, asset] of [...assets].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const target = join(outDirectory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, asset.bytes);
    files.push({
      path,
      contentType: asset.contentType,
      sizeBytes: asset.bytes.byteLength,
      sha256: createHash("sha256").update(asset.bytes).digest("hex"),
    });
  }
  return { files };
}
