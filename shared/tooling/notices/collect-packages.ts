// SPDX-License-Identifier: AGPL-3.0-only
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildMetafile } from "bun";
import type { Component } from "./component.ts";

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string };
  /** As packages wrote it before 2015. */
  readonly licenses?: readonly { readonly type?: string }[];
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string };
}

const licenceFile = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** The npm packages of which something really is in the output of a build, with their licence texts, by name. */
export async function collectPackages(metafile: BuildMetafile, repositoryRoot: string): Promise<readonly Component[]> {
  const directories = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const directory = /^(?:.*\/)?(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (directory !== undefined && bytesInOutput > 0) directories.add(directory);
    }
  }
  const found = await Promise.all([...directories].map((directory) => describe(join(repositoryRoot, directory))));
  const byName = new Map(found.map((component) => [`${component.name} ${component.version}`, component]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, component]) => component);
}

async function describe(directory: string): Promise<Component> {
  const manifest = JSON.parse(await readFile(join(directory, "package.json"), "utf8")) as PackageManifest;
  const names = (await readdir(directory)).filter((name) => licenceFile.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
  const licence = declaredLicence(manifest);
  const repository = typeof manifest.repository === "string" ? manifest.repository : manifest.repository?.url;
  return {
    name: manifest.name,
    version: manifest.version,
    licence,
    source: repository ?? manifest.homepage ?? `npm package ${manifest.name}`,
    text: texts.length > 0 ? texts.join("\n\n") : `The package holds no licence text. It declares: ${licence}`,
  };
}

function declaredLicence({ license, licenses }: PackageManifest): string {
  if (typeof license === "string") return license;
  const types = [license, ...(licenses ?? [])].flatMap((entry) => (entry?.type === undefined ? [] : [entry.type]));
  return types.length === 0 ? "not declared" : types.join(" OR ");
}
