// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync } from "node:fs";
import { isHearthError } from "../../shared/errors/index.ts";
import { type BoxClient, createBoxClient } from "./cli/box-client.ts";
import { composeAppliance } from "./compose.ts";
import type { AppConfig } from "./config.ts";
import { dataFolder } from "./data-folder.ts";

const lockPollMs = 100;
const lockWaitMs = 10_000;

/**
 * Reaches the box: the running appliance over its control socket, or else its data folder, whose lock is then held until
 * the client is disposed of.
 * @throws HearthError `data-folder-in-use` when somebody holds the lock and does not answer on the socket.
 */
export async function connectBox(config: AppConfig): Promise<BoxClient> {
  const { socket } = dataFolder(config.home);
  for (let waitedMs = 0; ; waitedMs += lockPollMs) {
    if (existsSync(socket) && (await isAnswered(socket))) {
      const overSocket = (path: string, init: RequestInit) =>
        fetch(`http://localhost${path}`, { ...init, unix: socket });
      return createBoxClient(overSocket, true, async () => undefined);
    }
    try {
      return await openStopped(config);
    } catch (thrown) {
      // Another command holds the folder for a moment, or an appliance is just starting and will answer on its socket.
      if (!isHearthError(thrown) || thrown.code !== "data-folder-in-use" || waitedMs >= lockWaitMs) throw thrown;
      await Bun.sleep(lockPollMs);
    }
  }
}

async function openStopped(config: AppConfig): Promise<BoxClient> {
  const appliance = await composeAppliance(config, { isServing: false, sinks: [] });
  return createBoxClient(
    async (path, init) => appliance.request(path, init),
    false,
    async () => appliance[Symbol.asyncDispose](),
  );
}

/** A socket file may be left from a killed process; only an answer counts. */
async function isAnswered(socket: string): Promise<boolean> {
  try {
    const response = await fetch("http://localhost/healthz", { unix: socket, signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Refused: nobody is behind it.
    return false;
  }
}
