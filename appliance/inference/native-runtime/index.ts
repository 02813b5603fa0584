// SPDX-License-Identifier: AGPL-3.0-only
export type { NativeBuildMetadata } from "./build-metadata.ts";
export type { EmbeddedContent, EmbeddedFile, NativeVariant } from "./embedded-content.ts";
export { installFiles } from "./install-files.ts";
export type { ResolveBundledFileOptions } from "./resolve-bundled-file.ts";
export { resolveBundledFile } from "./resolve-bundled-file.ts";
export type { NativeRuntime, ResolveNativeRuntimeOptions } from "./resolve-native-runtime.ts";
export { resolveNativeRuntime } from "./resolve-native-runtime.ts";
export type { NativeRuntimeReport } from "./self-check-native-runtime.ts";
export { selfCheckNativeRuntime } from "./self-check-native-runtime.ts";
