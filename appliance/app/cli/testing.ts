// SPDX-License-Identifier: AGPL-3.0-only
import { type BoxTransport, createBoxClient } from "./box-client.ts";
import type { CliIo } from "./cli-io.ts";
import { runProgram } from "./program.ts";

/** What one command line printed and answered. */
export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly error: string;
  /** What was asked of the box: method, path, body. */
  readonly calls: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
}

/** Runs one command line against a box that answers by `answer`; nothing outside is touched. */
export async function runCommandLine(
  words: readonly string[],
  answer: (method: string, path: string, body: unknown) => unknown,
  input = "",
): Promise<CommandResult> {
  let output = "";
  let error = "";
  const calls: { method: string; path: string; body: unknown }[] = [];
  const io: CliIo = {
    environment: {},
    workingDirectory: "/home/ann",
    isTerminal: false,
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      error += text;
    },
    ask: async () => undefined,
    readInput: async () => input,
  };
  const transport: BoxTransport = async (path, init) => {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const method = init.method ?? "GET";
    calls.push({ method, path, body });
    const found = answer(method, path, body);
    return found instanceof Response ? found : Response.json(found);
  };
  const exitCode = await runProgram(words, io, {
    connect: async () => createBoxClient(transport, true, async () => undefined),
    addBoxCommands: () => undefined,
  });
  return { exitCode, output, error, calls };
}
