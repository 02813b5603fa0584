// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever } from "../../../shared/errors/index.ts";
import type { Role } from "../../gateway/access-control/index.ts";
import type { Language } from "../knowledge/index.ts";
import { commandTexts, type StatusFacts } from "./command-texts.ts";
import type { ParsedCommand } from "./parse-command.ts";

/** What changes with the command's outcome, in the transaction that ends its turn. */
export type CommandEffect =
  | { readonly kind: "close-session" }
  | { readonly kind: "set-language"; readonly language: Language | undefined };

/** What a command needs to know and may do at once. */
export interface CommandContext {
  readonly role: Role;
  readonly language: Language;
  /** Stops the running answers of the session; returns how many there were. */
  stop(): number;
  status(): Promise<StatusFacts>;
}

/** Runs a command. Only `/stop` acts at once; what else changes is in `effect`. */
export async function runCommand(
  command: Exclude<ParsedCommand, { kind: "text" }>,
  context: CommandContext,
): Promise<{ readonly reply: string; readonly effect?: CommandEffect }> {
  const texts = commandTexts[context.language];
  if (command.kind === "unknown-command") return { reply: texts.unknown(command.word) };
  if (command.kind === "wrong-argument") return { reply: texts.wrongArgument(command.name) };
  switch (command.name) {
    case "help":
      return { reply: texts.help(context.role, (await context.status()).isGuide) };
    case "new":
      return { reply: texts.new, effect: { kind: "close-session" } };
    case "stop":
      return { reply: context.stop() > 0 ? texts.stopped : texts.nothingToStop };
    case "status":
      return { reply: texts.status(await context.status(), context.role) };
    case "lang": {
      const reply = commandTexts[command.language ?? context.language].language(command.language);
      return { reply, effect: { kind: "set-language", language: command.language } };
    }
    default:
      return assertNever(command);
  }
}
