// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "../knowledge/index.ts";

/** The commands of the chat. */
export type CommandName = "help" | "new" | "stop" | "status" | "lang";

/** What a text is to the command grammar. */
export type ParsedCommand =
  | { readonly kind: "command"; readonly name: Exclude<CommandName, "lang"> }
  /** `language` absent: the language of each question again. */
  | { readonly kind: "command"; readonly name: "lang"; readonly language?: Language }
  | { readonly kind: "wrong-argument"; readonly name: CommandName }
  | { readonly kind: "unknown-command"; readonly word: string }
  | { readonly kind: "text" };

const names: ReadonlyMap<string, CommandName> = new Map([
  ["help", "help"],
  ["start", "help"],
  ["帮助", "help"],
  ["new", "new"],
  ["reset", "new"],
  ["新对话", "new"],
  ["stop", "stop"],
  ["停止", "stop"],
  ["status", "status"],
  ["状态", "status"],
  ["lang", "lang"],
  ["language", "lang"],
  ["语言", "lang"],
]);

const languages: ReadonlyMap<string, Language | "auto"> = new Map<string, Language | "auto">([
  ["en", "en"],
  ["english", "en"],
  ["英文", "en"],
  ["英语", "en"],
  ["zh", "zh"],
  ["zh-cn", "zh"],
  ["cn", "zh"],
  ["chinese", "zh"],
  ["中文", "zh"],
  ["auto", "auto"],
  ["自动", "auto"],
]);

/** Longer texts are never commands; keeps the grammar cheap on hostile input. */
const longestCommand = 96;
const grammar = /^[/／](\p{L}{1,24})(?:@[\w.-]{1,64})?(?:\s+(\S{1,24}))?$/u;

/**
 * Reads a text as a command, or says that it is none. The whole text must be the command: one slash (also full-width),
 * a word in any case, for group chats `@name`, and for `/lang` one argument. A text with more words, such as a path or
 * a question about a command, is ordinary text.
 */
export function parseCommand(text: string): ParsedCommand {
  const trimmed = text.trim();
  if (trimmed.length > longestCommand) return { kind: "text" };
  const match = grammar.exec(trimmed);
  const word = match?.[1]?.toLowerCase();
  if (word === undefined) return { kind: "text" };
  const name = names.get(word);
  const argument = match?.[2]?.toLowerCase();
  if (name === undefined) return argument === undefined ? { kind: "unknown-command", word } : { kind: "text" };
  if (name !== "lang") return argument === undefined ? { kind: "command", name } : { kind: "wrong-argument", name };
  const language = argument === undefined ? undefined : languages.get(argument);
  if (language === undefined) return { kind: "wrong-argument", name };
  return language === "auto" ? { kind: "command", name } : { kind: "command", name, language };
}
