// SPDX-License-Identifier: AGPL-3.0-only
import { promises as files } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { knowledgeError } from "./knowledge-error.ts";

/**
 * Refuses the data folder, everything in it and every folder that holds it, links resolved. It holds the master key and
 * what people wrote; as knowledge it would be recited to whoever asks.
 * @throws HearthError `knowledge-data-folder`.
 */
export async function refuseDataFolder(path: string, dataFolder: string | undefined): Promise<void> {
  if (dataFolder === undefined) return;
  const [asked, data] = await Promise.all([canonical(path), canonical(dataFolder)]);
  if (!isWithin(asked, data) && !isWithin(data, asked)) return;
  const how = asked === data ? "is" : isWithin(asked, data) ? "lies in" : "holds";
  throw knowledgeError(
    "knowledge-data-folder",
    `${asked} ${how} Hearth's data folder, which must not become something to answer from`,
    "Keep the documents in a folder of their own, and add that one.",
  );
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function canonical(path: string): Promise<string> {
  try {
    return await files.realpath(path);
  } catch {
    // Gone for the moment: the path as it is written is compared.
    return resolve(path);
  }
}
