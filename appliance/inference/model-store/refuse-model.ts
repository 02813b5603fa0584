// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";

/** @throws HearthError `model-invalid` with what is wrong. */
export function refuseModel(problem: string): never {
  throw new HearthError({
    code: "model-invalid",
    message: `this file is not a usable GGUF model: ${problem}`,
    remedy: "Download the file again and compare its checksum.",
  });
}
