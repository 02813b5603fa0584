// SPDX-License-Identifier: AGPL-3.0-only
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository. */
export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");
