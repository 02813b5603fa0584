// SPDX-License-Identifier: AGPL-3.0-only
import { fileURLToPath } from "node:url";

/** Whether this process is the compiled binary. */
export function isCompiled(): boolean {
  return Bun.main.startsWith("/$bunfs/") || Bun.main.startsWith("B:\\~BUN\\");
}

/** The command that starts this very program again, for children of the same binary with a role flag. */
export function selfCommand(): readonly string[] {
  return isCompiled() ? [process.execPath] : [process.execPath, fileURLToPath(new URL("./main.ts", import.meta.url))];
}
