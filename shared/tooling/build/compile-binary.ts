// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
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
  // Beside the outfile, so that the rename is one step; always called `hearth`, since the name is in the bytes.
  const directory = join(dirname(options.outfile), `.hearth-build-${process.pid}`);
  const partial = join(directory, "hearth");
  await mkdir(directory, { recursive: true });
  try {
    const built = await Bun.build(buildConfig(options, partial));
    if (!built.success || built.metafile === undefined || !existsSync(partial)) {
      throw new HearthError({
        code: "build-failed",
        message: `the binary does not build:\n${built.logs.map(String).join("\n")}`,
      });
    }
    await rename(partial, options.outfile);
    return built.metafile;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function buildConfig(options: CompileBinaryOptions, outfile: string): Bun.BuildConfig {
  const { content, repositoryRoot, target } = options;
  const plan = { target: options.targetName, variant: target.variant, addonVersion: target.addon.version, ...content };
  return {
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
    plugins: [hearthPlugin({ repositoryRoot, content: plan })],
    compile: {
      target: target.bunTarget,
      executablePath: options.runtimePath,
      outfile,
      assets: [...content.assets],
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  };
}
