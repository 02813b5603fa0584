// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import { embeddedContent, type NativeVariant } from "./embedded-content.ts";
import { loadAddon } from "./load-addon.ts";
import { resolveBundledFile } from "./resolve-bundled-file.ts";
import { type ResolveNativeRuntimeOptions, resolveNativeRuntime } from "./resolve-native-runtime.ts";

/** What {@link selfCheckNativeRuntime} found. */
export type NativeRuntimeReport =
  | {
      readonly isOk: true;
      readonly variant: NativeVariant;
      /** Build target of this binary, or `source`. */
      readonly target: string;
      readonly directory: string;
      readonly llamaCppRelease: string;
      readonly bunVersion: string;
      /** What llama.cpp says about the instruction sets in use. */
      readonly systemInfo: string;
      /** `false`: it computes on the CPU. */
      readonly gpu: string | false;
      /** Files whose SHA-256 was compared (0 when run from source). */
      readonly checkedFiles: number;
      readonly checkedBytes: number;
      readonly durationMs: number;
    }
  | { readonly isOk: false; readonly code: string; readonly message: string; readonly remedy: string | undefined };

/**
 * Checks what the binary carries, loads the native library in this process and says which it is. Loading foreign code can end the process:
 * run it in a process of its own (`hearth self-check`), never in the box itself.
 */
export async function selfCheckNativeRuntime(options: ResolveNativeRuntimeOptions): Promise<NativeRuntimeReport> {
  const startedMs = performance.now();
  try {
    const content = options.content ?? embeddedContent;
    const runtime = await resolveNativeRuntime(options);
    for (const model of content?.models ?? []) await resolveBundledFile(model.name, options);
    const addon = loadAddon(runtime.addonPath);
    // Its own lines would stand between those of the report, on either stream.
    addon.setLoggerLogLevel(0);
    addon.loadBackends(runtime.directory);
    const files = [...(content?.native ?? []), ...(content?.models ?? [])];
    return {
      isOk: true,
      variant: runtime.variant,
      target: content?.target ?? "source",
      directory: runtime.directory,
      llamaCppRelease: runtime.buildMetadata.buildOptions.llamaCpp.release,
      bunVersion: Bun.version,
      systemInfo: addon.systemInfo(),
      gpu: addon.getGpuType() ?? false,
      checkedFiles: files.length,
      checkedBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
      durationMs: performance.now() - startedMs,
    };
  } catch (thrown) {
    const { code, message, remedy } = toHearthError(thrown, "native-library-unloadable");
    return { isOk: false, code, message, remedy };
  }
}
