// SPDX-License-Identifier: AGPL-3.0-only
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { BoxClient } from "./box-client.ts";
import type { CliIo } from "./cli-io.ts";
import { type CommandRunner, createCommandRunner } from "./command-runner.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addChannelCommands } from "./commands/channel.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addKeyCommands } from "./commands/key.ts";
import { addKnowledgeCommands } from "./commands/knowledge.ts";
import { addLogsCommand } from "./commands/logs.ts";
import { addModelCommands } from "./commands/model.ts";
import { addPersonCommands } from "./commands/person.ts";
import { addStatusCommands } from "./commands/status.ts";

/** What the command line needs from the composition root. */
export interface ProgramDependencies {
  /** Reaches the running box, or its data folder when it is not running. */
  connect(): Promise<BoxClient>;
  /** Adds the commands that are the box itself: `up`, `self-check`. */
  addBoxCommands(program: Command, runner: CommandRunner): void;
}

/**
 * Runs one command line.
 * @returns the exit code: 0, 1 for a failure, 2 for a line that is not understood.
 */
export async function runProgram(
  words: readonly string[],
  io: CliIo,
  dependencies: ProgramDependencies,
): Promise<number> {
  const program = new Command("hearth");
  program
    .description("A local AI agent that answers in the messaging apps people already use.")
    .version(version, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({ writeOut: io.write, writeErr: io.writeError })
    .showHelpAfterError("(hearth --help lists the commands)")
    .showSuggestionAfterError(true);
  const runner = createCommandRunner(io, dependencies.connect);
  dependencies.addBoxCommands(program, runner);
  addStatusCommands(program, runner);
  addDoctorCommand(program, runner);
  addChannelCommands(program, runner);
  addPersonCommands(program, runner);
  addModelCommands(program, runner);
  addKnowledgeCommands(program, runner);
  addKeyCommands(program, runner);
  addAuditCommands(program, runner);
  addLogsCommand(program, runner);
  inheritSettings(program);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const isHelp = thrown.code === "commander.helpDisplayed" || thrown.code === "commander.version";
    return isHelp ? 0 : 2;
  }
  return runner.exitCode();
}

/** commander copies these to a subcommand only when they were set before it was made. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inheritSettings(command);
  }
}
