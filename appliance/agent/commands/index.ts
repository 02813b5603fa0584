// SPDX-License-Identifier: AGPL-3.0-only
export type { StatusFacts } from "./command-texts.ts";
export { commandTexts } from "./command-texts.ts";
export type { CommandName, ParsedCommand } from "./parse-command.ts";
export { parseCommand } from "./parse-command.ts";
export type { CommandContext, CommandEffect } from "./run-command.ts";
export { runCommand } from "./run-command.ts";
export { smallTalkReply } from "./small-talk.ts";
