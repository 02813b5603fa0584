// SPDX-License-Identifier: AGPL-3.0-only

import { renderError } from "./cli/command-runner.ts";
import { addSelfCheckCommand } from "./cli/commands/self-check.ts";
import { addUpCommand } from "./cli/commands/up.ts";
import { processIo } from "./cli/process-io.ts";
import { runProgram } from "./cli/program.ts";
import { readConfig } from "./config.ts";
import { connectBox } from "./connect-box.ts";

/** Runs one command line of this process. @returns its exit code. */
export async function runMain(words: readonly string[]): Promise<number> {
  const io = processIo();
  try {
    return await runProgram(words, io, {
      connect: () => connectBox(readConfig(io.environment)),
      addBoxCommands(program, runner) {
        addUpCommand(program, runner);
        addSelfCheckCommand(program, runner);
      },
    });
  } catch (thrown) {
    io.writeError(renderError(thrown, words.includes("--json")));
    return 1;
  }
}
