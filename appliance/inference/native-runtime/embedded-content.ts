// SPDX-License-Identifier: AGPL-3.0-only

/** One file carried inside the compiled binary. */
export interface EmbeddedFile {
  /** Base name it is installed under. */
  readonly name: string;
  /** Of the file as installed. */
  readonly sizeBytes: number;
  /** Of the file as installed, lower-case hex. */
  readonly sha256: string;
  /** Where to read it inside the binary; compressed with zstd when it ends in `.zst`. */
  readonly source: string;
}

/** What drives the accelerator in this build. */
export type NativeVariant = "cpu" | "metal" | "vulkan" | "cuda";

/** What the build put into the binary. */
export interface EmbeddedContent {
  /** Name of the build target, such as `linux-x64-vulkan`. */
  readonly target: string;
  readonly variant: NativeVariant;
  /** Version of the package the native library came from. */
  readonly addonVersion: string;
  /** The add-on and the libraries it finds beside itself. */
  readonly native: readonly EmbeddedFile[];
  /** Model files, which llama.cpp must map from a real file. */
  readonly models: readonly EmbeddedFile[];
}

/**
 * Undefined when run from source. The build of the binary puts a module in this one's place that lists what it
 * embedded, with the SHA-256 of each file (`shared/tooling/build/hearth-plugin.ts`).
 */
export const embeddedContent: EmbeddedContent | undefined = undefined;
