// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { NativeVariant } from "./embedded-content.ts";

const packages: Readonly<Record<string, { readonly name: string; readonly variant: NativeVariant }>> = {
  "linux-x64": { name: "linux-x64", variant: "cpu" },
  "linux-arm64": { name: "linux-arm64", variant: "cpu" },
  "darwin-arm64": { name: "mac-arm64-metal", variant: "metal" },
};

/**
 * Where npm put the native library of this machine's platform, when Hearth runs from source.
 * @throws HearthError `platform-unsupported` or `native-package-missing`.
 */
export function developmentDirectory(
  platform: string = `${process.platform}-${process.arch}`,
  repositoryRoot: string = join(import.meta.dir, "../../.."),
): { readonly directory: string; readonly variant: NativeVariant } {
  const found = packages[platform];
  if (found === undefined) {
    throw new HearthError({
      code: "platform-unsupported",
      message: `there is no native library for ${platform}`,
      remedy: `Run Hearth on ${Object.keys(packages).join(", ")}, or set HEARTH_BACKEND to another server.`,
    });
  }
  const directory = join(repositoryRoot, "node_modules/@node-llama-cpp", found.name, "bins", found.name);
  if (!existsSync(join(directory, "llama-addon.node"))) {
    throw new HearthError({
      code: "native-package-missing",
      message: `the package @node-llama-cpp/${found.name} is not installed: no llama-addon.node in ${directory}`,
      remedy: "Run npm install in the repository, without --omit=optional.",
    });
  }
  return { directory, variant: found.variant };
}
