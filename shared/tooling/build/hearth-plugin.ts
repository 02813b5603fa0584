// SPDX-License-Identifier: AGPL-3.0-only
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BunPlugin } from "bun";
import { type EmbeddedContentPlan, renderConsoleModule, renderEmbeddedContentModule } from "./render-modules.ts";

/** What {@link hearthPlugin} needs to know. */
export interface HearthPluginOptions {
  readonly repositoryRoot: string;
  readonly content: EmbeddedContentPlan;
}

/**
 * Parts of node-llama-cpp that fetch, clone or compile llama.cpp. Hearth loads the library it carries and nothing
 * else, so they are left out: calling one is an error that says so.
 */
const leftOut = [
  "dist/bindings/utils/compileLLamaCpp.js",
  "dist/bindings/utils/cloneLlamaCppRepo.js",
  "dist/utils/createModelDownloader.js",
];

/**
 * Makes a program out of modules that were written to run from `node_modules`:
 * - `@node-llama-cpp/*` (packages that only hold native files) become a shim;
 * - the file of node-llama-cpp that reads JSON beside itself while it loads becomes constants;
 * - what downloads or compiles native code is left out;
 * - the two modules of Hearth that look for files in the repository are replaced by lists of what is embedded.
 */
export function hearthPlugin(options: HearthPluginOptions): BunPlugin {
  const llama = join(options.repositoryRoot, "node_modules/node-llama-cpp");
  const release = JSON.parse(readFileSync(join(llama, "llama/binariesGithubRelease.json"), "utf8")) as {
    release: string;
  };
  const replaced = new Map<string, string>([
    [join(llama, "dist/bindings/utils/binariesGithubRelease.js"), renderReleaseModule(release.release)],
    ...leftOut.map((path): [string, string] => [join(llama, path), renderLeftOutModule(join(llama, path))]),
    [
      join(options.repositoryRoot, "appliance/inference/native-runtime/embedded-content.ts"),
      renderEmbeddedContentModule(options.content),
    ],
    [
      join(options.repositoryRoot, "appliance/lan/console/load-console-assets.ts"),
      renderConsoleModule(options.content.console),
    ],
  ]);
  return {
    name: "hearth",
    setup(build) {
      build.onResolve({ filter: /^@node-llama-cpp\// }, ({ path }) => ({ path, namespace: "native-package" }));
      build.onLoad({ filter: /.*/, namespace: "native-package" }, () => ({ contents: "export {};", loader: "js" }));
      build.onLoad({ filter: /\.(js|ts)$/ }, ({ path }) => {
        const contents = replaced.get(path);
        return contents === undefined ? undefined : { contents, loader: "js" };
      });
    },
  };
}

function renderReleaseModule(release: string): string {
  return `export async function getBinariesGithubRelease() { return ${JSON.stringify(release)}; }
export async function setBinariesGithubRelease() {}
export const builtinLlamaCppRelease = ${JSON.stringify(release)};
export const defaultLlamaCppRelease = ${JSON.stringify(release)};
`;
}

function renderLeftOutModule(path: string): string {
  const { exports } = new Bun.Transpiler({ loader: "js" }).scan(readFileSync(path, "utf8"));
  const name = path.slice(path.lastIndexOf("/") + 1);
  return exports
    .map(
      (exported) =>
        `export function ${exported}() { throw new Error("${exported} (${name}) is not part of the Hearth binary"); }`,
    )
    .join("\n");
}
