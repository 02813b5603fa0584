// SPDX-License-Identifier: AGPL-3.0-only
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock/index.ts";

/** A set that no start has used for this long belongs to a version that is gone. */
const unusedMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Removes what kills and old versions left in `parent`: partial directories of processes that no longer run, and sets
 * not in `current` that no start has used for 30 days.
 */
export async function removeLeftovers(parent: string, current: readonly string[], clock: Clock): Promise<void> {
  for (const entry of await readdir(parent)) {
    const path = join(parent, entry);
    const partialOf = /^[0-9a-f]{16}\.partial-(\d+)-/.exec(entry)?.[1];
    const isOrphan = partialOf !== undefined && !isRunning(Number(partialOf));
    const isOldSet =
      /^[0-9a-f]{16}(\.refused)?$/.test(entry) && !current.includes(entry) && (await isUnused(path, clock));
    if (isOrphan || isOldSet) await rm(path, { recursive: true, force: true });
  }
}

async function isUnused(path: string, clock: Clock): Promise<boolean> {
  const found = await stat(path).catch(() => undefined); // removed by another process meanwhile
  return found !== undefined && clock.now() - found.mtimeMs > unusedMs;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, as another user.
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
