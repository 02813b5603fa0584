// SPDX-License-Identifier: AGPL-3.0-only
import { type ChatWrapper, LlamaText, SpecialToken } from "node-llama-cpp";
import type { ToolDefinition } from "../types.ts";
import { jsonRules, literal } from "./gbnf.ts";
import { schemaGrammar } from "./schema-grammar.ts";

/** How a model writes tool calls, taken from its chat wrapper, as plain text (control tokens as they are written). */
export interface CallSyntax {
  /** Opens the first call: what shows, in free text, that the model wants to call. */
  readonly opening: string;
  readonly betweenCalls: string | undefined;
  /** Between name and arguments, and behind them; the name is filled in. */
  beforeArguments(name: string): string;
  afterArguments(name: string): string;
}

function written(text: string | LlamaText, name = ""): string {
  return LlamaText(text)
    .values.map((value) => (typeof value === "string" ? value : value instanceof SpecialToken ? "" : value.value))
    .join("")
    .replaceAll("{{functionName}}", name);
}

/** The call syntax of a chat wrapper. */
export function callSyntax(wrapper: ChatWrapper): CallSyntax {
  const { call, parallelism } = wrapper.settings.functions;
  const between = parallelism?.call.betweenCalls;
  return {
    opening: written(parallelism?.call.sectionPrefix ?? "") + written(call.prefix),
    betweenCalls: parallelism === undefined ? undefined : written(between ?? "") + written(call.prefix),
    beforeArguments: (name) => written(call.paramsPrefix, name),
    afterArguments: (name) => written(call.suffix, name),
  };
}

const maxParallelCalls = 8;

/**
 * A grammar for what follows the opening: one call of one of the tools, or several when they may run in parallel.
 * @throws HearthError `invalid-request` when a tool's parameters cannot be turned into a grammar.
 */
export function callGrammar(syntax: CallSyntax, tools: readonly ToolDefinition[], isParallel: boolean): string {
  const rules: string[] = [];
  const names = tools.map((tool, index) => {
    const schema = { type: "object", properties: {}, ...tool.parameters };
    const { root, rules: argumentRules } = schemaGrammar(schema, `tool${index}`, { isLenient: true });
    rules.push(...argumentRules);
    const open = literal(tool.name + syntax.beforeArguments(tool.name));
    rules.push(`call${index} ::= ${open} ${root} ${literal(syntax.afterArguments(tool.name))}`);
    return `call${index}`;
  });
  rules.push(`call ::= ${names.join(" | ")}`);
  const more = isParallel && syntax.betweenCalls !== undefined;
  rules.unshift(
    `root ::= call${more ? ` (${literal(syntax.betweenCalls ?? "")} call){0,${maxParallelCalls - 1}}` : ""}`,
  );
  return `${[...rules, ...jsonRules].join("\n")}\n`;
}

/** A call that was read from generated text. */
export interface ParsedCall {
  readonly name: string;
  readonly argumentsJson: string;
}

/** Where the JSON value that begins at `from` ends; −1 while it is not complete. */
function endOfJson(text: string, from: number): number {
  let depth = 0;
  let isInString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (isInString) {
      if (character === "\\") at++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth === 0 && !isInString && at > from) return at + 1;
  }
  return -1;
}

/** The complete calls in `text`, which begins behind the opening and follows {@link callGrammar}. */
export function parseCalls(text: string, syntax: CallSyntax, tools: readonly ToolDefinition[]): readonly ParsedCall[] {
  const calls: ParsedCall[] = [];
  let at = 0;
  for (;;) {
    const tool = tools.find(({ name }) => text.startsWith(name + syntax.beforeArguments(name), at));
    if (tool === undefined) return calls;
    const from = at + tool.name.length + syntax.beforeArguments(tool.name).length;
    const end = endOfJson(text, from);
    const suffix = syntax.afterArguments(tool.name);
    if (end < 0 || !text.startsWith(suffix, end)) return calls;
    calls.push({ name: tool.name, argumentsJson: text.slice(from, end) });
    const next = end + suffix.length;
    if (
      syntax.betweenCalls === undefined ||
      syntax.betweenCalls === "" ||
      !text.startsWith(syntax.betweenCalls, next)
    ) {
      return calls;
    }
    at = next + syntax.betweenCalls.length;
  }
}
