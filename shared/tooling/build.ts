// SPDX-License-Identifier: AGPL-3.0-only
// npm run build [-- --target NAME] [--entry FILE] [--outfile FILE]: builds dist/hearth, for this machine unless told.
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { toHearthError } from "../errors/index.ts";
import { buildTarget } from "./build/build-target.ts";
import { buildTargets, hostTargetName, isBuildTargetName } from "./build/targets.ts";

const repositoryRoot = join(import.meta.dir, "../..");

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      entry: { type: "string" },
      outfile: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const host = hostTargetName(process.platform, process.arch);
  const name = values.target ?? host;
  if (values.help === true || name === undefined || !isBuildTargetName(name)) {
    console.error(`npm run build -- --target ${Object.keys(buildTargets).join(" | ")}`);
    if (values.help !== true) console.error(`There is no target ${name ?? `for ${process.platform}-${process.arch}`}.`);
    return values.help === true ? 0 : 2;
  }
  const suffix = name === host ? "" : `-${name}`;
  const outfile = resolve(values.outfile ?? join(repositoryRoot, "dist", `hearth${suffix}`));
  const startedMs = performance.now();
  const built = await buildTarget({
    repositoryRoot,
    cacheDirectory: join(repositoryRoot, ".cache"),
    targetName: name,
    outfile,
    ...(values.entry === undefined ? {} : { entry: resolve(values.entry) }),
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${outfile}`);
  console.log(
    `  ${name}: ${(built.sizeBytes / 1e6).toFixed(1)} MB with ${built.nativeFiles} native files, ${seconds} s`,
  );
  console.log(`  SHA-256 ${built.sha256}`);
  console.log(
    `The companion cloud (${join(dirname(outfile), "hearth-cloud")}) is not built: cloud/ has no program yet.`,
  );
  return 0;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const error = toHearthError(thrown, "build-failed");
  console.error(error.message);
  if (error.remedy !== undefined) console.error(error.remedy);
  process.exitCode = 1;
}
