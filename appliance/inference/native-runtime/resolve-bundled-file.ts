// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import { type EmbeddedContent, embeddedContent } from "./embedded-content.ts";
import { installFiles } from "./install-files.ts";
import { readFromBinary } from "./read-from-binary.ts";

/** What {@link resolveBundledFile} needs to know. */
export interface ResolveBundledFileOptions {
  /** The data folder. */
  readonly home: string;
  readonly logger: Logger;
  /** Default: what the build put into this binary. */
  readonly content?: EmbeddedContent | undefined;
}

const modelDirectory = join(import.meta.dir, "../guide-model");

/**
 * The path of a model file that comes with Hearth, such as `guide.gguf`: installed in `<home>/native/<hash>/` and
 * checked as the native library is; run from source, the file in the repository.
 * @throws HearthError `bundled-file-missing`, or as {@link installFiles} does.
 */
export async function resolveBundledFile(name: string, options: ResolveBundledFileOptions): Promise<string> {
  const content = options.content ?? embeddedContent;
  if (content === undefined) {
    const path = join(modelDirectory, name);
    if (existsSync(path)) return path;
    throw missing(name, "the repository");
  }
  if (!content.models.some((file) => file.name === name)) throw missing(name, "this build");
  const deps = { logger: options.logger.child("native-runtime"), readSource: readFromBinary };
  return join(await installFiles(deps, join(options.home, "native"), content.models), name);
}

function missing(name: string, where: string): HearthError {
  return new HearthError({
    code: "bundled-file-missing",
    message: `${name} is not part of ${where}`,
    remedy: "Name a model of your own with HEARTH_MODEL or `hearth model use`.",
  });
}
