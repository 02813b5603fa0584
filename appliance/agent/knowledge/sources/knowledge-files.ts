// SPDX-License-Identifier: AGPL-3.0-only
import { constants, promises as files } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { isHearthError } from "../../../../shared/errors/index.ts";
import { knowledgeError } from "./knowledge-error.ts";
import type { KnowledgeLimits } from "./limits.ts";
import { isSupportedName } from "./split-document.ts";

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** A file of a folder that can be read. `name` is its path inside the folder. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
}

/** The file system as the knowledge module sees it. */
export interface KnowledgeFiles {
  /** @throws HearthError `knowledge-path-missing` or `knowledge-unreadable`. */
  inspect(path: string): Promise<{ readonly kind: "file" | "folder"; readonly path: string; readonly title: string }>;
  /** Files below a folder, in a stable order. Nothing outside of it, whatever links say. */
  list(folder: string): Promise<{ readonly found: readonly FoundFile[]; readonly skipped: readonly SkippedFile[] }>;
  /** @throws HearthError `knowledge-too-large` or `knowledge-unreadable`. */
  read(path: string): Promise<Uint8Array>;
}

/** The real file system, within `limits`. */
export function createKnowledgeFiles(limits: KnowledgeLimits): KnowledgeFiles {
  return {
    inspect: (path) => inspect(path),
    list: async (folder) => {
      const walk: Walk = { root: await files.realpath(folder), found: [], skipped: [], limits };
      await walkFolder(walk, walk.root, 0);
      return walk;
    },
    read: (path) => readCapped(path, limits.maxFileBytes),
  };
}

interface Walk {
  readonly root: string;
  readonly found: FoundFile[];
  readonly skipped: SkippedFile[];
  readonly limits: KnowledgeLimits;
}

async function inspect(path: string): ReturnType<KnowledgeFiles["inspect"]> {
  const absolute = resolve(path);
  try {
    const real = await files.realpath(absolute);
    const stat = await files.stat(real);
    if (stat.isFile()) return { kind: "file", path: real, title: basename(absolute) };
    if (stat.isDirectory()) return { kind: "folder", path: real, title: basename(absolute) || absolute };
  } catch (cause) {
    const message = `${absolute} cannot be found or read (${codeOf(cause)})`;
    throw knowledgeError("knowledge-path-missing", message, "Check the path and that Hearth may read it.");
  }
  throw knowledgeError(
    "knowledge-unreadable",
    `${absolute} is neither a file nor a folder`,
    "Name a file or a folder.",
  );
}

async function walkFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  const entries = await files.readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const name = relative(walk.root, path);
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) {
      if (depth < walk.limits.maxFolderDepth) await walkFolder(walk, path, depth + 1);
      else walk.skipped.push({ path: name, reason: `deeper than ${walk.limits.maxFolderDepth} folders` });
      continue;
    }
    const refusal = await refusalOf(walk, path, entry.isFile(), entry.isSymbolicLink());
    if (refusal !== undefined) walk.skipped.push({ path: name, reason: refusal });
    else walk.found.push({ name, path: await files.realpath(path) });
  }
}

async function refusalOf(walk: Walk, path: string, isFile: boolean, isLink: boolean): Promise<string | undefined> {
  if (!isFile && !isLink) return "not a regular file";
  if (!isSupportedName(path)) return "not a file type that can be read";
  if (walk.found.length >= walk.limits.maxFolderFiles)
    return `more than ${walk.limits.maxFolderFiles} files in the folder`;
  if (!isLink) return undefined;
  try {
    const target = await files.realpath(path);
    if (target !== walk.root && !target.startsWith(walk.root + sep)) return "a link that leads out of the folder";
    return (await files.stat(target)).isFile() ? undefined : "a link to a folder";
  } catch {
    // The target is missing or unreadable: said to the owner as the reason.
    return "a link that leads nowhere";
  }
}

/** Opens without blocking on a pipe, and reads no more than the file had when it was opened. */
async function readCapped(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await files.open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stat = await handle.stat();
    if (!stat.isFile())
      throw knowledgeError("knowledge-unreadable", `${path} is not a regular file`, "Name a text file.");
    if (stat.size > maxBytes) {
      const message = `${path} has ${stat.size} bytes; at most ${maxBytes} are taken`;
      throw knowledgeError("knowledge-too-large", message, "Split the file, or leave out what nobody asks about.");
    }
    const buffer = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(buffer, 0, stat.size, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    if (isHearthError(cause)) throw cause;
    const message = `${path} cannot be read (${codeOf(cause)})`;
    throw knowledgeError("knowledge-unreadable", message, "Check that Hearth may read the file.");
  }
}

function codeOf(thrown: unknown): string {
  return typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "unknown error";
}
