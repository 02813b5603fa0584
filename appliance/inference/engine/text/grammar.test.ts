// SPDX-License-Identifier: AGPL-3.0-only
import { beforeAll, describe, expect, test } from "bun:test";
import { ChatMLChatWrapper, QwenChatWrapper } from "node-llama-cpp";
import { silentLogger } from "../../../../shared/logging/index.ts";
import { resolveNativeRuntime } from "../../native-runtime/index.ts";
import { toChatHistory } from "./chat-history.ts";
import { jsonObjectGrammar } from "./gbnf.ts";
import { jsonSchemaGrammar } from "./schema-grammar.ts";
import { callGrammar, callSyntax, parseCalls } from "./tool-calls.ts";

type Grammar = { isTextCompatible(text: string): boolean };
let accepts: (grammar: string, text: string) => boolean;

/** Grammars are tried with llama.cpp's own parser, which is what holds the model to them. */
beforeAll(async () => {
  const { addonPath } = await resolveNativeRuntime({ home: "/nonexistent", logger: silentLogger });
  const holder: { exports: { AddonGrammar?: new (text: string, options: object) => Grammar } } = { exports: {} };
  process.dlopen(holder, addonPath);
  const { AddonGrammar } = holder.exports;
  if (AddonGrammar === undefined) throw new Error("the add-on has no grammar");
  accepts = (grammar, text) => new AddonGrammar(grammar, { rootRuleName: "root" }).isTextCompatible(text);
});

describe("JSON schema to grammar", () => {
  const person = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, maxLength: 5 },
      age: { type: "integer", minimum: 0 },
      tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
    },
    required: ["name"],
    additionalProperties: false,
  };
  const table: readonly (readonly [string, unknown, readonly string[], readonly string[]])[] = [
    [
      "objects with optional properties",
      person,
      [
        '{"name":"Ann"}',
        '{"name": "Ann", "age": 7}',
        '{"name":"Ann","tags":["a","b"]}',
        '{"name":"Ann","age":7,"tags":[]}',
      ],
      [
        '{"age":7}',
        '{"name":""}',
        '{"name":"Annabel"}',
        '{"name":"Ann","age":-1}',
        '{"name":"Ann","tags":["c"]}',
        '{"name":"Ann","tags":["a","a","a"]}',
        '{"name":"Ann","x":1}',
        '{"name":"Ann",}',
      ],
    ],
    [
      "only optional properties",
      { type: "object", properties: { a: { type: "boolean" }, b: { type: "null" } } },
      ["{}", '{"a":true}', '{"b":null}', '{"a":false,"b":null}'],
      ['{"b":null,"a":true}', '{,"b":null}'],
    ],
    [
      "enums, constants and alternatives",
      { anyOf: [{ enum: ["x", 3] }, { const: { k: null } }, { type: ["boolean", "null"] }] },
      ['"x"', "3", '{"k":null}', "true", "null"],
      ['"y"', "4", "{}"],
    ],
    [
      "numbers",
      { type: "array", items: { type: "number" }, minItems: 1 },
      ["[1]", "[-1.5e+3, 0]"],
      ["[]", "[01]", "[.5]"],
    ],
    ["small ranges", { type: "integer", minimum: 1, maximum: 12 }, ["1", "12"], ["0", "13", "-1"]],
    [
      "bounds that every safe integer holds",
      { type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 },
      ["-5", "0"],
      ["1.5"],
    ],
    [
      "recursion",
      {
        $defs: {
          node: {
            type: "object",
            properties: { next: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
            required: ["next"],
            additionalProperties: false,
          },
        },
        $ref: "#/$defs/node",
      },
      ['{"next":null}', '{"next":{"next":{"next":null}}}'],
      ['{"next":{}}', "null"],
    ],
    [
      "allOf",
      {
        allOf: [
          { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
          { properties: { b: { const: 2 } }, required: ["b"] },
        ],
      },
      ['{"a":1,"b":2}'],
      ['{"a":1}'],
    ],
    [
      "maps",
      { type: "object", additionalProperties: { type: "boolean" } },
      ["{}", '{"any":true,"other":false}'],
      ['{"any":1}'],
    ],
    ["strings with escapes", { type: "string" }, ['"a\\n\\u00e9\\""', '"你好"'], ['"a\nb"', "'a'"]],
    ["tuples", { type: "array", prefixItems: [{ const: 1 }, { type: "string" }] }, ['[1,"a"]'], ["[1]", '["a",1]']],
    [
      "names that need escapes",
      { type: "object", properties: { 'a"\\b': { const: 'q"' } }, required: ['a"\\b'] },
      ['{"a\\"\\\\b":"q\\""}'],
      ['{"a":1}'],
    ],
  ];
  for (const [what, schema, good, bad] of table) {
    test(what, () => {
      const grammar = jsonSchemaGrammar(schema);
      for (const text of good) expect([text, accepts(grammar, text)]).toEqual([text, true]);
      for (const text of bad) expect([text, accepts(grammar, text)]).toEqual([text, false]);
    });
  }

  test("any JSON object, and nothing else", () => {
    expect(accepts(jsonObjectGrammar, '{"a": [1, {"b": null}], "c": "d"}')).toBe(true);
    expect(accepts(jsonObjectGrammar, "[1]")).toBe(false);
  });

  for (const [what, schema] of [
    ["a pattern", { type: "string", pattern: "^a" }],
    ["bounds of a wide range", { type: "integer", minimum: 5, maximum: 100_000 }],
    ["a reference that points nowhere", { $ref: "#/$defs/x" }],
    ["a reference to the network", { $ref: "https://example.org/schema" }],
    ["a property that is required but not described", { type: "object", properties: {}, required: ["x"] }],
    ["an unknown type", { type: "date" }],
    ["a length beyond reason", { type: "string", maxLength: 1e9 }],
  ] as const) {
    test(`refuses ${what}`, () => expect(() => jsonSchemaGrammar(schema)).toThrow(/cannot be held/));
  }
});

describe("tool calls", () => {
  const tools = [
    {
      name: "get",
      parameters: { type: "object", properties: { q: { type: "string", pattern: "x" } }, required: ["q"] },
    },
    { name: "get_time" },
  ];

  for (const wrapper of [new ChatMLChatWrapper(), new QwenChatWrapper()]) {
    test(`${wrapper.wrapperName}: what the grammar lets through is what is parsed`, () => {
      const syntax = callSyntax(wrapper);
      const write = (name: string, json: string): string =>
        name + syntax.beforeArguments(name) + json + syntax.afterArguments(name);
      const one = write("get", '{"q":"a } \\" b"}');
      const grammar = callGrammar(syntax, tools, false);
      expect(accepts(grammar, one)).toBe(true);
      expect(accepts(grammar, write("get_time", "{}"))).toBe(true);
      expect(accepts(grammar, write("other", "{}"))).toBe(false);
      expect(parseCalls(one, syntax, tools)).toEqual([{ name: "get", argumentsJson: '{"q":"a } \\" b"}' }]);
      expect(parseCalls(one.slice(0, -1), syntax, tools)).toEqual(
        syntax.afterArguments("get") === "" ? expect.anything() : [],
      );
      if (syntax.betweenCalls === undefined) return;
      const two = one + syntax.betweenCalls + write("get_time", "{}");
      expect(accepts(callGrammar(syntax, tools, true), two)).toBe(true);
      expect(accepts(grammar, two)).toBe(false);
      expect(parseCalls(two, syntax, tools).map((call) => call.name)).toEqual(["get", "get_time"]);
    });
  }
});

describe("messages to a chat history", () => {
  test("results move into the answer that asked for them, and the answer goes on", () => {
    const history = toChatHistory([
      { role: "user", content: "time?" },
      { role: "assistant", content: "", toolCalls: [{ id: "c1", name: "get_time", argumentsJson: "{}" }] },
      { role: "tool", content: '{"time":"noon"}', toolCallId: "c1" },
    ]);
    expect(history).toEqual([
      { type: "user", text: "time?" },
      {
        type: "model",
        response: [
          { type: "functionCall", name: "get_time", params: {}, result: { time: "noon" }, startsNewChunk: true },
        ],
      },
    ]);
  });

  test("a chat ends with an open answer", () => {
    expect(toChatHistory([{ role: "user", content: "hi" }]).at(-1)).toEqual({ type: "model", response: [] });
  });

  test("a result without a call is refused", () => {
    expect(() => toChatHistory([{ role: "tool", content: "x", toolCallId: "c9" }])).toThrow(/c9/);
  });
});
