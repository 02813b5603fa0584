// SPDX-License-Identifier: AGPL-3.0-only
import type { Command } from "commander";
import { isHearthError, toHearthError } from "../../../shared/errors/index.ts";
import type { BoxClient } from "./box-client.ts";
import type { CliIo } from "./cli-io.ts";
import { withProgress } from "./progress.ts";

/** What a command found: one JSON document for `--json`, and the same for a person. */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
  /** Non-zero when the answer itself is bad news, such as a failed check. */
  readonly exitCode?: number;
}

/** What a command may use. */
export interface CommandContext {
  readonly io: CliIo;
  readonly isJson: boolean;
  /** The box: running or, under its lock, the data folder. */
  box(): Promise<BoxClient>;
}

/** A command's work: its declared arguments, then its options. */
export type CommandWork<Arguments extends unknown[]> = (
  context: CommandContext,
  ...values: Arguments
) => Promise<CommandOutput | undefined>;

/** Runs commands, prints their output once, and turns what they throw into a clear error and an exit code. */
export interface CommandRunner {
  readonly io: CliIo;
  /** Adds `--json` to `command` and makes `work` its action. */
  attach<Arguments extends unknown[]>(command: Command, work: CommandWork<Arguments>): void;
  /** The code to exit with, once the program has been parsed. */
  exitCode(): number;
}

/** A runner whose commands reach the box through `connect`. */
export function createCommandRunner(io: CliIo, connect: () => Promise<BoxClient>): CommandRunner {
  let exitCode = 0;
  return {
    io,
    exitCode: () => exitCode,
    attach<Arguments extends unknown[]>(command: Command, work: CommandWork<Arguments>) {
      command.option("--json", "print one JSON document");
      command.action(async (...all: unknown[]) => {
        // commander passes the declared arguments, then the options, then the command itself
        const values = all.slice(0, -1);
        const isJson = command.opts().json === true;
        let box: BoxClient | undefined;
        try {
          const reach = async (): Promise<BoxClient> => {
            const client = await connect();
            return io.isTerminal && !isJson ? withProgress(client, io) : client;
          };
          const context: CommandContext = { io, isJson, box: async () => (box ??= await reach()) };
          const output = await work(context, ...(values as Arguments));
          if (output === undefined) return;
          io.write(isJson ? `${JSON.stringify(output.json, null, 2)}\n` : output.text);
          exitCode = output.exitCode ?? 0;
        } catch (thrown) {
          io.writeError(renderError(thrown, isJson));
          exitCode = 1;
        } finally {
          await box?.[Symbol.asyncDispose]();
        }
      });
    },
  };
}

/** What happened and what to do next; as JSON when that was asked for. */
export function renderError(thrown: unknown, isJson: boolean): string {
  const error = toHearthError(thrown);
  if (isJson)
    return `${JSON.stringify({ error: { code: error.code, message: error.message, remedy: error.remedy, details: error.details } })}\n`;
  const remedy = error.remedy === undefined ? "" : `\n  ${error.remedy}`;
  const where = isHearthError(thrown) || !(thrown instanceof Error) ? "" : `\n${thrown.stack ?? ""}`;
  return `hearth: ${error.message}${remedy}${where}\n`;
}
