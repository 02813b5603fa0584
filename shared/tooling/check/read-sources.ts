// SPDX-License-Identifier: AGPL-3.0-only
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SourceFiles } from "./find-boundary-violations.ts";

const roots = ["appliance", "cloud", "shared", "installers", "firmware-config", "test"];

/** All TypeScript and JavaScript of the repository. */
export async function readSources(repositoryRoot: string): Promise<SourceFiles> {
  const paths: string[] = [];
  for (const root of roots) {
    const glob = new Bun.Glob(`${root}/**/*.{ts,tsx,mjs}`);
    for await (const path of glob.scan({ cwd: repositoryRoot })) paths.push(path);
  }
  paths.sort();
  const sources = await Promise.all(paths.map((path) => readFile(join(repositoryRoot, path), "utf8")));
  return new Map(paths.map((path, index) => [path, sources[index] ?? ""]));
}
