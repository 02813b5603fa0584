// SPDX-License-Identifier: AGPL-3.0-only
//
// How files from the binary come to lie on disk, so that llama.cpp can load them.
//
//   native/<hash>/                     complete and checked, or absent: it only ever appears by one rename
//   native/<hash>.partial-<pid>-<n>/   being written; left behind only by a kill, removed by the next start
//   native/<hash>.refused/             the last directory whose content was not ours, kept for the operator to look at
//
// A kill at any instant leaves either no `<hash>` or a complete one, since every file and the partial directory are
// fsynced before the rename. Two processes that install at once both write their own partial directory; the second
// rename fails because the target is not empty, and that process uses what the first one installed, after checking it.
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { EmbeddedFile } from "./embedded-content.ts";
import { fileSetHash } from "./file-set-hash.ts";
import { type DirectoryFinding, inspectDirectory } from "./inspect-directory.ts";
import { readEmbeddedFile } from "./read-embedded-file.ts";
import { toInstallError } from "./to-install-error.ts";

/** What {@link installFiles} needs of the world. */
export interface InstallFilesDeps {
  readonly logger: Logger;
  /** The bytes of one file inside the binary. */
  readonly readSource: (source: string) => Promise<Uint8Array>;
  /** Writes one file, fsynced before it resolves. */
  readonly writeDurably?: (path: string, bytes: Uint8Array, mode: number) => Promise<void>;
}

/** Attempts until a directory that changes under us is called unusable. */
const maximumAttempts = 5;

/**
 * Makes sure that `parent/<hash>` holds exactly `files`, checked by SHA-256 at each call, and returns its path.
 * What was tampered with is never returned: it is moved aside, reported, and installed anew.
 * @throws HearthError `binary-damaged`, `disk-full`, `native-folder-unwritable` or `native-folder-unstable`.
 */
export async function installFiles(
  deps: InstallFilesDeps,
  parent: string,
  files: readonly EmbeddedFile[],
): Promise<string> {
  const directory = join(parent, fileSetHash(files));
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
      const finding = await inspectDirectory(directory, files);
      if (finding.state === "intact") {
        await utimes(directory, new Date(), new Date());
        return directory;
      }
      if (finding.state === "changed") await moveAside(deps, directory, finding);
      else await writeAll(deps, parent, directory, files);
    }
  } catch (cause) {
    throw toInstallError(cause, parent, files);
  }
  throw new HearthError({
    code: "native-folder-unstable",
    message: `${directory} does not keep what is written to it: ${maximumAttempts} attempts ended with other content`,
    remedy: "Find out what changes files in that folder (an antivirus, a sync tool) and leave the folder out of it.",
  });
}

async function moveAside(
  deps: InstallFilesDeps,
  directory: string,
  finding: Extract<DirectoryFinding, { state: "changed" }>,
): Promise<void> {
  const now = await lstat(directory).catch(() => undefined); // another process was faster: nothing left to move
  if (now === undefined || now.ino !== finding.inode) return;
  deps.logger.error("native-files-refused", { directory, file: finding.file, problem: finding.problem });
  const refused = `${directory}.refused`;
  await rm(refused, { recursive: true, force: true });
  await rename(directory, refused);
}

async function writeAll(
  deps: InstallFilesDeps,
  parent: string,
  directory: string,
  files: readonly EmbeddedFile[],
): Promise<void> {
  const partial = `${directory}.partial-${process.pid}-${randomBytes(4).toString("hex")}`;
  const write = deps.writeDurably ?? writeDurably;
  try {
    await mkdir(partial, { mode: 0o700 });
    for (const file of files) {
      await write(join(partial, file.name), await readEmbeddedFile(deps.readSource, file), 0o500);
    }
    await syncDirectory(partial);
    await rename(partial, directory);
    await syncDirectory(parent);
    deps.logger.info("native-files-installed", { directory, files: files.length });
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true });
    const code = (thrown as NodeJS.ErrnoException).code;
    // Another process renamed its own copy into place first: the caller checks that one.
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw thrown;
  }
}

async function writeDurably(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(mode); // the umask must not decide
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
