// SPDX-License-Identifier: AGPL-3.0-only
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { HearthError } from "../../shared/errors/index.ts";

/** Longest path of a Unix socket on Linux and macOS, the closing zero byte left out. */
const maxSocketPathBytes = 103;

/** The places inside the data folder. */
export interface DataFolder {
  readonly home: string;
  readonly database: string;
  readonly models: string;
  readonly logs: string;
  readonly logFile: string;
  readonly hardwareFile: string;
  /** The control socket, through which the CLI talks to the running appliance. */
  readonly socket: string;
}

/** Names the places inside `home`; touches nothing. */
export function dataFolder(home: string): DataFolder {
  return {
    home,
    database: join(home, "hearth.db"),
    models: join(home, "models"),
    logs: join(home, "logs"),
    logFile: join(home, "logs", "hearth.log"),
    hardwareFile: join(home, "hardware.json"),
    socket: join(home, "hearth.sock"),
  };
}

/**
 * Makes the data folder, readable by its owner only.
 * @throws HearthError `data-folder-unusable` when it cannot be made, is not a folder, or its path is too long for a socket.
 */
export function prepareDataFolder(folder: DataFolder): void {
  if (Buffer.byteLength(folder.socket) > maxSocketPathBytes) {
    throw new HearthError({
      code: "data-folder-unusable",
      message: `the data folder's path is too long for a socket (${Buffer.byteLength(folder.socket)} bytes, at most ${maxSocketPathBytes}): ${folder.home}`,
      remedy: "Set HEARTH_HOME to a shorter path.",
    });
  }
  try {
    for (const path of [folder.home, folder.models, folder.logs]) mkdirSync(path, { recursive: true, mode: 0o700 });
    if ((statSync(folder.home).mode & 0o077) !== 0) chmodSync(folder.home, 0o700);
  } catch (cause) {
    throw new HearthError({
      code: "data-folder-unusable",
      message: `the data folder ${folder.home} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy: "Set HEARTH_HOME to a folder that you may write to.",
      cause,
    });
  }
}
