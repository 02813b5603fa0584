// SPDX-License-Identifier: AGPL-3.0-only

const escapes: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A literal of llama.cpp's GBNF; the empty text is the empty literal. */
export function literal(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}

/** Rules that every JSON grammar shares. One space at most between tokens: a model cannot fill its budget with blanks. */
export const jsonRules: readonly string[] = [
  'ws ::= " "?',
  'string ::= "\\"" char* "\\""',
  'char ::= [^"\\\\\\x7F\\x00-\\x1F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  'integral ::= "0" | [1-9] [0-9]{0,15}',
  'integer ::= "-"? integral',
  'number ::= "-"? integral ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
  'boolean ::= "true" | "false"',
  'null ::= "null"',
  "value ::= object | array | string | number | boolean | null",
  'object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"',
  'array ::= "[" ws (value ("," ws value)*)? ws "]"',
];

/** The grammar of any JSON object, as `response_format: json_object` promises. */
export const jsonObjectGrammar = `root ::= object\n${jsonRules.join("\n")}\n`;
