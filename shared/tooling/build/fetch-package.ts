// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { HearthError } from "../../errors/index.ts";
import { runTool } from "./run-tool.ts";
import type { PinnedPackage } from "./targets.ts";

/** Where packages come from and go to. */
export interface PackagePlaces {
  /** Root of the repository; `node_modules` there is looked at first. */
  readonly repositoryRoot: string;
  /** Kept between builds. */
  readonly cacheDirectory: string;
}

/**
 * The directory of an unpacked npm package, checked against its integrity: out of `node_modules` (which npm checked
 * against the same value in the lock file), out of the cache, or fetched with `npm pack`.
 * @throws HearthError `package-unavailable` or `package-tampered`.
 */
export async function fetchPackage(pinned: PinnedPackage, places: PackagePlaces): Promise<string> {
  const installed = join(places.repositoryRoot, "node_modules", pinned.name);
  if (await isInstalled(installed, pinned, places.repositoryRoot)) return installed;
  const flatName = `${pinned.name.replace(/^@/, "").replace("/", "-")}-${pinned.version}`;
  const directory = join(places.cacheDirectory, "packages", flatName);
  if (existsSync(directory)) return directory;
  const unpacking = `${directory}.partial-${process.pid}`;
  await rm(unpacking, { recursive: true, force: true });
  await mkdir(unpacking, { recursive: true });
  const archive = join(unpacking, `${flatName}.tgz`);
  const packed = await runTool(
    [
      "npm",
      "pack",
      `${pinned.name}@${pinned.version}`,
      "--pack-destination",
      unpacking,
      "--ignore-scripts",
      "--silent",
    ],
    places.repositoryRoot,
  );
  if (packed.exitCode !== 0 || !existsSync(archive)) {
    throw new HearthError({
      code: "package-unavailable",
      message: `npm cannot fetch ${pinned.name} ${pinned.version}: ${packed.output.trim()}`,
      remedy: "Check the connection to the npm registry and build again.",
    });
  }
  await checkIntegrity(archive, pinned);
  const unpacked = await runTool(["tar", "-xzf", archive, "-C", unpacking], places.repositoryRoot);
  if (unpacked.exitCode !== 0) {
    throw new HearthError({
      code: "package-unavailable",
      message: `${archive} does not unpack: ${unpacked.output.trim()}`,
    });
  }
  await rename(join(unpacking, "package"), directory).catch((thrown: unknown) => {
    // Another build that ran at the same time put the same package there.
    if (!existsSync(directory)) throw thrown;
  });
  await rm(unpacking, { recursive: true, force: true });
  return directory;
}

async function isInstalled(directory: string, pinned: PinnedPackage, repositoryRoot: string): Promise<boolean> {
  const manifest = join(directory, "package.json");
  if (!existsSync(manifest)) return false;
  const found = JSON.parse(await readFile(manifest, "utf8")) as { name?: string; version?: string };
  if (found.name !== pinned.name || found.version !== pinned.version) return false;
  const lock = JSON.parse(await readFile(join(repositoryRoot, "package-lock.json"), "utf8")) as {
    packages: Record<string, { integrity?: string } | undefined>;
  };
  return lock.packages[`node_modules/${pinned.name}`]?.integrity === pinned.integrity;
}

async function checkIntegrity(archive: string, pinned: PinnedPackage): Promise<void> {
  const actual = `sha512-${createHash("sha512")
    .update(await readFile(archive))
    .digest("base64")}`;
  if (actual === pinned.integrity) return;
  throw new HearthError({
    code: "package-tampered",
    message: `${pinned.name} ${pinned.version} from the registry has ${actual}, the table of targets says ${pinned.integrity}`,
    remedy: "Do not build with it. Find out which of the two is right.",
  });
}
