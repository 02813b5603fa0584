// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";
import type { BuildMetafile } from "bun";
import { HearthError } from "../../errors/index.ts";
import { hearthPlugin } from "../build/hearth-plugin.ts";
import { collectPackages } from "./collect-packages.ts";
import type { Component } from "./component.ts";
import { nativeComponents } from "./native-components.ts";

/** Everything of others that is in the binary: out of a bundle made now of the program and of the console. */
export async function currentNotices(repositoryRoot: string): Promise<readonly Component[]> {
  const emptyContent = {
    target: "none",
    variant: "cpu",
    addonVersion: "",
    native: [],
    models: [],
    console: [],
  } as const;
  const program = await bundle({
    entrypoints: [join(repositoryRoot, "appliance/app/main.ts")],
    target: "bun",
    root: repositoryRoot,
    plugins: [hearthPlugin({ repositoryRoot, content: emptyContent })],
  });
  const console = await bundle({
    entrypoints: [join(repositoryRoot, "appliance/lan/console/client/main.tsx")],
    target: "browser",
    root: repositoryRoot,
  });
  const packages = [
    ...(await collectPackages(program, repositoryRoot)),
    ...(await collectPackages(console, repositoryRoot)),
  ];
  const byName = new Map(packages.map((component) => [`${component.name} ${component.version}`, component]));
  const sorted = [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, component]) => component);
  return [...nativeComponents, ...sorted];
}

async function bundle(config: Bun.BuildConfig): Promise<BuildMetafile> {
  const built = await Bun.build({ ...config, metafile: true, minify: true, throw: false });
  if (built.success && built.metafile !== undefined) return built.metafile;
  throw new HearthError({
    code: "build-failed",
    message: `the program does not bundle:\n${built.logs.map(String).join("\n")}`,
  });
}
