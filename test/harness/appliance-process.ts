// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

/** The compiled binary (`HEARTH_TEST_BINARY`, else `dist/hearth`) where there is one, else the sources. */
export function hearthCommand(): readonly string[] {
  const binary = process.env.HEARTH_TEST_BINARY || join(root, "dist", "hearth");
  return existsSync(binary) ? [binary] : [process.execPath, join(root, "appliance", "app", "main.ts")];
}

/** A data folder and the commands that work on it, whether an appliance runs there or not. */
export interface HearthHome extends Disposable {
  readonly path: string;
  readonly port: number;
  readonly baseUrl: string;
  /** The whole environment of every process on this folder. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs one CLI command and returns its JSON document. @throws when it exits non-zero. */
  command<Answer>(words: readonly string[], input?: string): Promise<Answer>;
}

/** A new empty data folder and a free port. */
export async function createHearthHome(environment: Readonly<Record<string, string>> = {}): Promise<HearthHome> {
  const path = mkdtempSync(join(tmpdir(), "hearth-home-"));
  const port = await freePort();
  const whole = { HEARTH_HOME: path, HEARTH_LISTEN: `127.0.0.1:${port}`, ...environment };
  return {
    path,
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    environment: whole,
    async command<Answer>(words: readonly string[], input?: string): Promise<Answer> {
      const run = Bun.spawn([...hearthCommand(), ...words, "--json"], {
        cwd: path,
        env: whole,
        stdin: input === undefined ? "ignore" : new Blob([input]),
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
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** An appliance that runs on a data folder. */
export interface ApplianceProcess extends AsyncDisposable {
  readonly home: HearthHome;
  readonly baseUrl: string;
  readonly processId: number;
  /** From the start of the process to the first 200 of `/readyz`, milliseconds. */
  readonly readyMs: number;
  /** Resolves when the process has ended, with the signal that ended it. */
  readonly ended: Promise<string | null>;
  /** Ends the process and waits until it is gone; the data folder stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** What it wrote to standard error. */
  errors(): Promise<string>;
}

/** Starts `hearth up` on `home` and waits for `/readyz`. */
export async function startAppliance(
  home: HearthHome,
  environment: Readonly<Record<string, string>> = {},
): Promise<ApplianceProcess> {
  const errorPath = join(home.path, "..", `${home.path.split("/").at(-1)}.stderr`);
  const startedMs = performance.now();
  const child = Bun.spawn([...hearthCommand(), "up"], {
    cwd: home.path,
    env: { ...home.environment, ...environment },
    stdin: "ignore",
    stdout: "ignore",
    stderr: Bun.file(errorPath),
  });
  const errors = (): Promise<string> => Bun.file(errorPath).text();
  await waitUntilReady(home.baseUrl, child, errors);
  const readyMs = performance.now() - startedMs;
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await child.exited;
  };
  return {
    home,
    baseUrl: home.baseUrl,
    processId: child.pid,
    readyMs,
    ended: child.exited.then(() => (child.signalCode === null ? null : String(child.signalCode))),
    stop,
    errors,
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(errorPath, { force: true });
    },
  };
}

async function waitUntilReady(baseUrl: string, child: Bun.Subprocess, errors: () => Promise<string>): Promise<void> {
  const deadlineMs = performance.now() + 60_000;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`hearth up ended with ${child.exitCode ?? child.signalCode}: ${await errors()}`);
    }
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
  throw new Error(`hearth up was not ready within 60 s: ${await errors()}`);
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { port } = server;
  server.stop(true);
  return port;
}

/** Waits until `condition` holds. @throws after `timeoutMs`, with `what`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 20_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await Bun.sleep(20);
  }
}
