// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";
import { type Clock, systemClock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import { type NativeBuildMetadata, readBuildMetadata } from "./build-metadata.ts";
import { developmentDirectory } from "./development-directory.ts";
import { type EmbeddedContent, embeddedContent, type NativeVariant } from "./embedded-content.ts";
import { fileSetHash } from "./file-set-hash.ts";
import { installFiles } from "./install-files.ts";
import { readFromBinary } from "./read-from-binary.ts";
import { removeLeftovers } from "./remove-leftovers.ts";

/** Where the native library lies, ready to load. */
export interface NativeRuntime {
  /** Holds the add-on and, beside it, all libraries it loads. */
  readonly directory: string;
  /** Give it to `process.dlopen`. */
  readonly addonPath: string;
  readonly buildMetadata: NativeBuildMetadata;
  readonly variant: NativeVariant;
}

/** What {@link resolveNativeRuntime} needs to know. */
export interface ResolveNativeRuntimeOptions {
  /** The data folder. */
  readonly home: string;
  readonly logger: Logger;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: what the build put into this binary. */
  readonly content?: EmbeddedContent | undefined;
}

/**
 * The native library, checked by SHA-256 just now. The compiled binary installs it in `<home>/native/<hash>/`; run
 * from source it is the one that npm installed.
 * @throws HearthError as {@link installFiles} does, `platform-unsupported` or `native-package-missing`.
 */
export async function resolveNativeRuntime(options: ResolveNativeRuntimeOptions): Promise<NativeRuntime> {
  const content = options.content ?? embeddedContent;
  if (content === undefined) return describe(developmentDirectory());
  const parent = join(options.home, "native");
  const deps = { logger: options.logger.child("native-runtime"), readSource: readFromBinary };
  const directory = await installFiles(deps, parent, content.native);
  const current = [fileSetHash(content.native), fileSetHash(content.models)];
  await removeLeftovers(parent, current, options.clock ?? systemClock).catch((thrown: unknown) => {
    // Tidying up must not keep the box from starting.
    deps.logger.warn("native-leftovers-kept", { reason: toHearthError(thrown).message });
  });
  return describe({ directory, variant: content.variant });
}

async function describe(found: { directory: string; variant: NativeVariant }): Promise<NativeRuntime> {
  return {
    ...found,
    addonPath: join(found.directory, "llama-addon.node"),
    buildMetadata: await readBuildMetadata(found.directory),
  };
}
