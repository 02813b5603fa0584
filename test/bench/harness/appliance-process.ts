// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..", "..");

/** The compiled binary where there is one, else the sources. */
export function hearthCommand(): readonly string[] {
  const binary = join(root, "dist", "hearth");
  return existsSync(binary) ? [binary] : [process.execPath, join(root, "appliance", "app", "main.ts")];
}

/** An appliance that runs on a data folder of its own. */
export interface ApplianceProcess extends AsyncDisposable {
  readonly home: string;
  readonly baseUrl: string;
  readonly processId: number;
  /** From the start of the process to the first 200 of `/readyz`, milliseconds. */
  readonly readyMs: number;
  /** Runs one CLI command on this box and returns its JSON document. */
  command<Answer>(words: readonly string[]): Promise<Answer>;
  /** Ends the process; the data folder stays until dispose. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `hearth up` and waits for `/readyz`. */
export async function startAppliance(
  environment: Readonly<Record<string, string>> = {},
  home = mkdtempSync(join(tmpdir(), "hearth-bench-")),
): Promise<ApplianceProcess> {
  const port = await freePort();
  const childEnvironment = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HEARTH_HOME: home,
    HEARTH_LISTEN: `127.0.0.1:${port}`,
    ...environment,
  };
  const startedMs = performance.now();
  const child = Bun.spawn([...hearthCommand(), "up"], {
    cwd: home,
    env: childEnvironment,
    stdin: "ignore",
    stdout: "ignore",
    stderr: Bun.file(join(home, "stderr.txt")),
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  await waitUntilReady(baseUrl, child, home);
  const readyMs = performance.now() - startedMs;
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    child.kill(signal);
    await child.exited;
  };
  return {
    home,
    baseUrl,
    processId: child.pid,
    readyMs,
    stop,
    async command<Answer>(words: readonly string[]): Promise<Answer> {
      const run = Bun.spawn([...hearthCommand(), ...words, "--json"], {
        cwd: home,
        env: childEnvironment,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [output, error, exitCode] = await Promise.all([
        new Response(run.stdout).text(),
        new Response(run.stderr).text(),
        run.exited,
      ]);
      if (exitCode !== 0) throw new Error(`hearth ${words.join(" ")} exited with ${exitCode}: ${error}`);
      return JSON.parse(output) as Answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function waitUntilReady(baseUrl: string, child: Bun.Subprocess, home: string): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null)
      throw new Error(`hearth up exited with ${child.exitCode}: ${await Bun.file(join(home, "stderr.txt")).text()}`);
    try {
      const response = await fetch(`${baseUrl}/readyz`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await Bun.sleep(5);
  }
  child.kill("SIGKILL");
  throw new Error(`hearth up was not ready within 60 s: ${await Bun.file(join(home, "stderr.txt")).text()}`);
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = server;
  server.stop(true);
  return port;
}
