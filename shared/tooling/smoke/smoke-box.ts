// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a command of the binary said. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A compiled binary in a folder of its own, which begins empty, with nothing in its environment but where it works. */
export interface SmokeBox extends AsyncDisposable {
  readonly baseUrl: string;
  /** Runs a command to its end. */
  run(...words: readonly string[]): Promise<CommandResult>;
  /** Starts `hearth up`. */
  up(): Bun.Subprocess;
}

/** Makes a {@link SmokeBox} around `binary`. */
export async function createSmokeBox(binary: string): Promise<SmokeBox> {
  const directory = mkdtempSync(join(tmpdir(), "hearth-smoke-"));
  const port = await freePort();
  const env = { HEARTH_HOME: join(directory, "home"), HEARTH_LISTEN: `127.0.0.1:${port}` };
  let running: Bun.Subprocess | undefined;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    async run(...words) {
      const child = Bun.spawn([binary, ...words], {
        cwd: directory,
        env,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      return { exitCode: await child.exited, stdout, stderr };
    },
    up() {
      running = Bun.spawn([binary, "up"], {
        cwd: directory,
        env,
        stdin: "ignore",
        stdout: "ignore",
        stderr: "inherit",
      });
      return running;
    },
    async [Symbol.asyncDispose]() {
      running?.kill("SIGKILL");
      await running?.exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** `X-Hearth-Signature` of a body. */
export function signBody(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
