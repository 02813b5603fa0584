// SPDX-License-Identifier: AGPL-3.0-only
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../../shared/json/index.ts";

const buildMetadataSchema = z.object({
  buildOptions: z.object({
    customCmakeOptions: z.record(z.string(), z.string()),
    progressLogs: z.boolean(),
    platform: z.enum(["linux", "mac", "win"]),
    platformInfo: z.object({ name: z.string(), version: z.string() }),
    arch: z.enum(["x64", "arm64"]),
    gpu: z.union([z.literal(false), z.enum(["metal", "vulkan", "cuda"])]),
    llamaCpp: z.object({ repo: z.string(), release: z.string() }),
  }),
});

/** How the native library was built, as node-llama-cpp's `Llama._create` wants it. */
export type NativeBuildMetadata = z.infer<typeof buildMetadataSchema>;

/**
 * Reads `_nlcBuildMetadata.json` beside the add-on.
 * @throws HearthError `invalid-json` when it is not as expected.
 */
export async function readBuildMetadata(directory: string): Promise<NativeBuildMetadata> {
  const text = await readFile(join(directory, "_nlcBuildMetadata.json"), "utf8");
  return parseJson(text, buildMetadataSchema, "the native library's _nlcBuildMetadata.json");
}
