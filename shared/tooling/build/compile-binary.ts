// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BuildMetafile } from "bun";
import { HearthError } from "../../errors/index.ts";
import { hearthPlugin } from "./hearth-plugin.ts";
import type { StagedContent } from "./stage-content.ts";
import type { BuildTarget, BuildTargetName } from "./targets.ts";

/** What {@link compileBinary} needs to know. */
export interface CompileBinaryOptions {
  readonly repositoryRoot: string;
  /** Entry module, absolute. */
  readonly entry: string;
  readonly outfile: string;
  readonly targetName: BuildTargetName;
  readonly target: BuildTarget;
  readonly content: StagedContent;
  /** Bun of the target platform: the file that becomes the binary. */
  readonly runtimePath: string;
}

/**
 * One file out of the program, its native libraries, its model and its console. Nothing in the folder it is started
 * in can reach it: no `.env`, `bunfig.toml`, `tsconfig.json` or `package.json` is read.
 * @returns Bun's record of what went in, for the notices.
 * @throws HearthError `build-failed` with the bundler's messages.
 */
export async function compileBinary(options: CompileBinaryOptions): Promise<BuildMetafile> {
  const { content, target } = options;
  const partial = join(dirname(options.outfile), `.partial-${process.pid}`, basename(options.outfile));
  await mkdir(dirname(partial), { recursive: true });
  const built = await Bun.build({
    entrypoints: [options.entry],
    target: "bun",
    format: "esm",
    // Names are kept, so that a stack trace from a box in the field can be read.
    minify: { whitespace: true, syntax: true, identifiers: false },
    bytecode: true,
    sourcemap: "none",
    metafile: true,
    throw: false,
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      hearthPlugin({
        repositoryRoot: options.repositoryRoot,
        content: {
          target: options.targetName,
          variant: target.variant,
          addonVersion: target.addon.version,
          native: content.native,
          models: content.models,
          console: content.console,
        },
      }),
    ],
    compile: {
      target: target.bunTarget,
      executablePath: options.runtimePath,
      outfile: partial,
      assets: [...content.assets],
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  });
  if (!built.success || built.metafile === undefined || !existsSync(partial)) {
    throw new HearthError({
      code: "build-failed",
      message: `the binary does not build:\n${built.logs.map(String).join("\n")}`,
    });
  }
  await rename(partial, options.outfile);
  await rm(dirname(partial), { recursive: true });
  return built.metafile;
}
