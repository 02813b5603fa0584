// SPDX-License-Identifier: AGPL-3.0-only
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Holds `package.json` and `shared/DEPENDENCIES.md` together: each dependency is pinned to one exact version and has
 * a line that says why it is there; no line names a package that is gone.
 * @returns one sentence a problem
 */
export async function checkDependencyList(repositoryRoot: string): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(join(repositoryRoot, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  return compareDependencyList(
    { ...manifest.dependencies, ...manifest.devDependencies },
    await readFile(join(repositoryRoot, "shared/DEPENDENCIES.md"), "utf8"),
  );
}

/** The pure part of {@link checkDependencyList}: versions by name, and the text of the list. */
export function compareDependencyList(versions: Readonly<Record<string, string>>, list: string): readonly string[] {
  const listed = new Set([...list.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name));
  const problems: string[] = [];
  for (const [name, version] of Object.entries(versions)) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${name} is not pinned to one version: ${version}`);
    if (!listed.has(name)) problems.push(`shared/DEPENDENCIES.md has no line for ${name}`);
    listed.delete(name);
  }
  for (const name of listed) problems.push(`shared/DEPENDENCIES.md explains ${name}, which is not a dependency`);
  return problems;
}
