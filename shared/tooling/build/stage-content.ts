// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { EmbeddedFile } from "../../../appliance/inference/native-runtime/index.ts";
import { buildConsole } from "../../../appliance/lan/console/index.ts";
import { HearthError } from "../../errors/index.ts";

/** Level 3 makes a third of the libraries in a second; level 19 saves two more megabytes and takes half a minute. */
const compressionLevel = 3;

/** One file of the console as it will lie in the binary under `source`. */
export interface StagedConsoleFile {
  /** Path below the site's root. */
  readonly path: string;
  readonly contentType: string;
  readonly source: string;
}

/** Everything that goes into the binary beside the program. */
export interface StagedContent {
  /** Absolute paths of all files to embed, sorted. Each lies under its base name in the root of the binary. */
  readonly assets: readonly string[];
  readonly native: readonly EmbeddedFile[];
  readonly models: readonly EmbeddedFile[];
  readonly console: readonly StagedConsoleFile[];
}

/** Where the content comes from. */
export interface StageContentOptions {
  readonly repositoryRoot: string;
  /** Emptied first. */
  readonly directory: string;
  /** Unpacked package of the add-on. */
  readonly addonPackage: string;
}

/**
 * Lays out the files that the binary embeds, flat and sorted, and hashes them. Flat, because Bun embeds a directory in
 * the order the file system lists it, which differs between machines, and a single file under its base name. What is
 * installed on disk before it is used (libraries and models) is compressed.
 */
export async function stageContent(options: StageContentOptions): Promise<StagedContent> {
  const { directory } = options;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const guide = join(options.repositoryRoot, "appliance/inference/guide-model/guide.gguf");
  const native = await stageNative(options.addonPackage, directory);
  const models = existsSync(guide) ? [await stageFile(guide, directory, "models")] : [];
  const console = await stageConsole(directory);
  const names = [...native, ...models].map((file) => file.source);
  const assets = [...names, ...console.map((file) => file.source)].sort().map((name) => join(directory, name));
  return { assets, native, models, console };
}

async function stageConsole(directory: string): Promise<StagedConsoleFile[]> {
  const built = join(directory, "console");
  const manifest = await buildConsole(built);
  const staged: StagedConsoleFile[] = [];
  for (const { path, contentType } of manifest.files) {
    const source = `console__${path.replaceAll("/", "__")}`;
    await rename(join(built, path), join(directory, source));
    staged.push({ path, contentType, source });
  }
  await rm(built, { recursive: true });
  return staged;
}

async function stageNative(addonPackage: string, directory: string): Promise<EmbeddedFile[]> {
  const platforms = await readdir(join(addonPackage, "bins"));
  const [platform] = platforms;
  if (platform === undefined || platforms.length !== 1) {
    throw new HearthError({
      code: "package-unexpected",
      message: `${addonPackage}/bins holds ${platforms.length} platforms, expected 1`,
    });
  }
  const source = join(addonPackage, "bins", platform);
  const names = (await readdir(source)).sort();
  return Promise.all(names.map((name) => stageFile(join(source, name), directory, "native")));
}

async function stageFile(from: string, directory: string, kind: "native" | "models"): Promise<EmbeddedFile> {
  const name = basename(from);
  const source = `${kind}__${name}.zst`;
  const bytes = await readFile(from);
  await writeFile(join(directory, source), await Bun.zstdCompress(bytes, { level: compressionLevel }));
  return { name, sizeBytes: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex"), source };
}
