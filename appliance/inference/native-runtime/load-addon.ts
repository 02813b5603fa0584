// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import { HearthError } from "../../../shared/errors/index.ts";

/** The few calls of the add-on that a check needs; the engine's own view of it is in `native-context.ts`. */
export interface CheckedAddon {
  loadBackends(directory: string): void;
  /** 0: nothing of what llama.cpp logs is printed. */
  setLoggerLogLevel(level: number): void;
  systemInfo(): string;
  getGpuType(): string | false | undefined;
}

const addonSchema = z.looseObject({
  loadBackends: z.instanceof(Function),
  setLoggerLogLevel: z.instanceof(Function),
  systemInfo: z.instanceof(Function),
  getGpuType: z.instanceof(Function),
});

/**
 * Loads the add-on into this process.
 * @throws HearthError `native-library-unloadable` with the loader's own words.
 */
export function loadAddon(path: string): CheckedAddon {
  const holder: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(holder, path);
  } catch (cause) {
    throw new HearthError({
      code: "native-library-unloadable",
      message: `${path} does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: remedyFor(String(cause)),
      cause,
    });
  }
  const parsed = addonSchema.safeParse(holder.exports);
  if (parsed.success) return holder.exports as CheckedAddon;
  throw new HearthError({
    code: "native-library-unloadable",
    message: `${path} is not the add-on of node-llama-cpp: ${parsed.error.issues[0]?.path.join(".")} is missing`,
    cause: parsed.error,
  });
}

function remedyFor(loaderSays: string): string {
  if (loaderSays.includes("libvulkan")) {
    return "Install the Vulkan loader (Debian: libvulkan1) or use the build of Hearth without a GPU back-end.";
  }
  return "Hearth needs glibc 2.34 or newer and a data folder that is not mounted with noexec.";
}
