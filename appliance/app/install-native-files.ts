// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "../../shared/logging/index.ts";
import { resolveBundledFile, resolveNativeRuntime } from "../inference/native-runtime/index.ts";
import { isCompiled, selfCommand } from "./self-command.ts";

/** The body of `--role=install`: brings the binary's libraries and its model into the data folder. */
export async function installNativeFiles(home: string): Promise<void> {
  await resolveNativeRuntime({ home, logger: silentLogger });
  await resolveBundledFile("guide.gguf", { home, logger: silentLogger });
}

/**
 * At the first start lets a short-lived child do it: reading 35 MB of embedded files would stay in this process's
 * memory for as long as the box runs. When the child fails, this process finds nothing installed, tries itself, and
 * says what is wrong.
 */
export async function installInChild(home: string): Promise<void> {
  if (!isCompiled() || existsSync(join(home, "native"))) return;
  const child = Bun.spawn([...selfCommand(), "--role=install"], {
    env: { HEARTH_HOME: home },
    stdio: ["ignore", "ignore", "ignore"],
  });
  await child.exited;
}
