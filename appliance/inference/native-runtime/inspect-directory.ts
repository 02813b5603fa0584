// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EmbeddedFile } from "./embedded-content.ts";

/** What {@link inspectDirectory} found. `inode` tells later whether it is still the directory that was looked at. */
export type DirectoryFinding =
  | { readonly state: "missing" }
  | { readonly state: "intact" }
  | { readonly state: "changed"; readonly file: string; readonly problem: DirectoryProblem; readonly inode: number };

/** Why a directory is not what the binary installed. */
export type DirectoryProblem =
  | "not-a-directory"
  | "owned-by-another-user"
  | "writable-by-others"
  | "unexpected-file"
  | "file-missing"
  | "not-a-regular-file"
  | "size-differs"
  | "content-differs";

const writableByOthers = 0o022;

/**
 * Compares a directory with the files that belong in it, byte for byte by SHA-256. An extra file counts as a change:
 * ggml loads every `libggml-*` that lies beside it.
 */
export async function inspectDirectory(path: string, files: readonly EmbeddedFile[]): Promise<DirectoryFinding> {
  const directory = await lstat(path).catch(undefinedWhenMissing);
  if (directory === undefined) return { state: "missing" };
  const changed = (file: string, problem: DirectoryProblem): DirectoryFinding => ({
    state: "changed",
    file,
    problem,
    inode: directory.ino,
  });
  if (!directory.isDirectory()) return changed(path, "not-a-directory");
  if (!isTrustedOwner(directory.uid)) return changed(path, "owned-by-another-user");
  if ((directory.mode & writableByOthers) !== 0) return changed(path, "writable-by-others");
  const names = new Set(files.map((file) => file.name));
  for (const entry of await readdir(path)) {
    if (!names.has(entry)) return changed(entry, "unexpected-file");
  }
  for (const file of files) {
    const problem = await inspectFile(join(path, file.name), file);
    if (problem !== undefined) return changed(file.name, problem);
  }
  return { state: "intact" };
}

async function inspectFile(path: string, expected: EmbeddedFile): Promise<DirectoryProblem | undefined> {
  const found = await lstat(path).catch(undefinedWhenMissing);
  if (found === undefined) return "file-missing";
  if (!found.isFile()) return "not-a-regular-file";
  if (!isTrustedOwner(found.uid)) return "owned-by-another-user";
  if ((found.mode & writableByOthers) !== 0) return "writable-by-others";
  if (found.size !== expected.sizeBytes) return "size-differs";
  const hash = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  return hash === expected.sha256 ? undefined : "content-differs";
}

function isTrustedOwner(userId: number): boolean {
  return process.geteuid === undefined || userId === process.geteuid() || userId === 0;
}

function undefinedWhenMissing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code === "ENOENT") return undefined;
  throw thrown;
}
