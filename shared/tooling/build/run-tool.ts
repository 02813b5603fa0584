// SPDX-License-Identifier: AGPL-3.0-only

/** What a finished tool said. */
export interface ToolResult {
  readonly exitCode: number;
  /** stdout and stderr. */
  readonly output: string;
}

/** Runs a tool of the build and waits for it. */
export async function runTool(command: readonly string[], cwd: string): Promise<ToolResult> {
  const child = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, output: stdout + stderr };
}
