// SPDX-License-Identifier: AGPL-3.0-only
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildMetafile } from "bun";
import { type BinaryCheck, checkBinary } from "./check-binary.ts";
import { compileBinary } from "./compile-binary.ts";
import { fetchPackage } from "./fetch-package.ts";
import { stageContent } from "./stage-content.ts";
import { type BuildTarget, type BuildTargetName, buildTargets } from "./targets.ts";

/** What {@link buildTarget} needs to know. */
export interface BuildTargetOptions {
  readonly repositoryRoot: string;
  /** Packages and staged files are kept here. */
  readonly cacheDirectory: string;
  readonly targetName: BuildTargetName;
  readonly outfile: string;
  /** Default: the appliance. */
  readonly entry?: string;
}

/** What came out of a build. */
export interface BuiltTarget extends BinaryCheck {
  readonly metafile: BuildMetafile;
}

/** Builds one target and checks what was built. */
export async function buildTarget(options: BuildTargetOptions): Promise<BuiltTarget> {
  const { repositoryRoot, cacheDirectory, targetName } = options;
  const target: BuildTarget = buildTargets[targetName];
  const runtime = await fetchPackage(target.runtime, options);
  const addonPackage = await fetchPackage(target.addon, options);
  const directory = join(cacheDirectory, "staged", `${targetName}-${process.pid}`);
  try {
    const content = await stageContent({ repositoryRoot, directory, addonPackage });
    await mkdir(dirname(options.outfile), { recursive: true });
    const metafile = await compileBinary({
      repositoryRoot,
      entry: options.entry ?? join(repositoryRoot, "appliance/app/main.ts"),
      outfile: options.outfile,
      targetName,
      target,
      content,
      runtimePath: join(runtime, "bin/bun"),
    });
    return { metafile, ...(await checkBinary(options.outfile, target, content.assets, machinePaths(repositoryRoot))) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Paths of this machine that must not be in the binary; long enough to mean what they say wherever the clone lies. */
function machinePaths(repositoryRoot: string): readonly string[] {
  return ["appliance/", "shared/tooling/", "node_modules/node-llama-cpp/"].map((path) => join(repositoryRoot, path));
}
