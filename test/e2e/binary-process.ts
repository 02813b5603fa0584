// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";

/** The compiled binary that the end-to-end tests drive: `HEARTH_TEST_BINARY`, else `dist/hearth`. */
export const binaryPath = process.env.HEARTH_TEST_BINARY || join(import.meta.dir, "../../dist/hearth");

/** What a command said. */
export interface BinaryResult {
  readonly exitCode: number | null;
  readonly signal: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the binary. */
export interface RunBinaryOptions {
  /** Working directory. */
  readonly cwd: string;
  /** The whole environment; nothing of ours is passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** SIGKILL after this long. */
  readonly killAfterMs?: number;
}

/** Runs the compiled binary to its end. */
export async function runBinary(words: readonly string[], options: RunBinaryOptions): Promise<BinaryResult> {
  const child = Bun.spawn([binaryPath, ...words], {
    cwd: options.cwd,
    env: { ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ...(options.killAfterMs === undefined ? {} : { timeout: options.killAfterMs, killSignal: "SIGKILL" as const }),
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, signal: child.signalCode, stdout, stderr };
}
