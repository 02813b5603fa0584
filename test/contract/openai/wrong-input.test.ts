// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import OpenAI from "openai";
import { memberPerson } from "../../../appliance/lan/http-api/testing.ts";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import { failureOf, startOpenAiServer, testKey } from "./openai-server.ts";

const user = { role: "user", content: "hi" };
const chat = (changes: object) => ["/chat/completions", { model: "default", messages: [user], ...changes }] as const;
const completion = (changes: object) => ["/completions", { model: "default", prompt: "a", ...changes }] as const;
const embedding = (changes: object) => ["/embeddings", { model: "default", input: "a", ...changes }] as const;
const response = (changes: object) => ["/responses", { model: "default", input: "a", ...changes }] as const;
const tool = { type: "function", function: { name: "f" } };

const values = (count: number, length = 4) =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, "x"));
const schemaFormat = (schema: object) => ({
  response_format: { type: "json_schema", json_schema: { name: "a", schema } },
});
const enumTool = (name: string, count: number) => ({
  type: "function",
  function: {
    name,
    parameters: { type: "object", properties: { a: { type: "array", items: { enum: values(count) } } } },
  },
});

const cases: readonly (readonly [readonly [string, object], number, string | null])[] = [
  [["/chat/completions", { messages: [user] }], 400, "model"],
  [["/chat/completions", { model: "default" }], 400, "messages"],
  [chat({ model: "no-such-model" }), 404, "model"],
  [chat({ model: 7 }), 400, "model"],
  [chat({ messages: [] }), 400, "messages"],
  [chat({ messages: "hi" }), 400, "messages"],
  [chat({ messages: [user, { role: "wizard", content: "x" }] }), 400, "messages[1].role"],
  [chat({ messages: [{ role: "user" }] }), 400, "messages[0].content"],
  [
    chat({ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] }),
    400,
    "messages[0].content[0].type",
  ],
  [chat({ messages: [{ role: "tool", content: "x" }] }), 400, "messages[0].tool_call_id"],
  [chat({ temperature: 3 }), 400, "temperature"],
  [chat({ temperature: "hot" }), 400, "temperature"],
  [chat({ top_p: 0 }), 400, "top_p"],
  [chat({ n: 0 }), 400, "n"],
  [chat({ n: 1000 }), 400, "n"],
  [chat({ seed: 1.5 }), 400, "seed"],
  [chat({ stop: ["a", "b", "c", "d", "e"] }), 400, "stop"],
  [chat({ stop: "" }), 400, "stop"],
  [chat({ logit_bias: { x: 1 } }), 400, "logit_bias.x"],
  [chat({ logit_bias: { "1": 101 } }), 400, "logit_bias.1"],
  [chat({ max_tokens: 0 }), 400, "max_tokens"],
  [chat({ max_tokens: 5, max_completion_tokens: 5 }), 400, "max_tokens"],
  [chat({ top_logprobs: 3 }), 400, "top_logprobs"],
  [chat({ logprobs: true, top_logprobs: 21 }), 400, "top_logprobs"],
  [chat({ stream_options: { include_usage: true } }), 400, "stream_options"],
  [chat({ response_format: { type: "xml" } }), 400, "response_format.type"],
  [chat({ response_format: { type: "json_schema" } }), 400, "response_format.json_schema"],
  [chat({ tools: [{ type: "function", function: { name: "a b" } }] }), 400, "tools[0].function.name"],
  [chat({ tools: [tool, tool] }), 400, "tools"],
  [chat({ tool_choice: "required" }), 400, "tool_choice"],
  [chat({ tools: [tool], tool_choice: { type: "function", function: { name: "g" } } }), 400, "tool_choice"],
  [chat(schemaFormat({ enum: values(1001) })), 400, "response_format"],
  [chat(schemaFormat({ enum: values(1000, 140) })), 400, "response_format"],
  [chat({ tools: [enumTool("f", 600), enumTool("g", 600)] }), 400, "tools[1].function.parameters"],
  [chat({ functions: [] }), 400, "functions"],
  [chat({ modalities: ["audio"] }), 400, "modalities"],
  [chat({ model: "hearth", tools: [tool] }), 400, "tools"],
  [chat({ model: "hearth", n: 2 }), 400, "n"],
  [chat({ model: "hearth", stop: "x" }), 400, "stop"],
  [chat({ model: "hearth", messages: [{ role: "system", content: "x" }] }), 400, "messages"],
  [chat({ model: "hearth", messages: [{ role: "user", content: "x".repeat(1_048_577) }] }), 413, "messages"],
  [completion({ prompt: undefined }), 400, "prompt"],
  [completion({ prompt: [] }), 400, "prompt"],
  [completion({ suffix: "x" }), 400, "suffix"],
  [completion({ best_of: 3 }), 400, "best_of"],
  [completion({ prompt: ["a", "b", "c"], n: 8 }), 400, "n"],
  [completion({ logprobs: 6 }), 400, "logprobs"],
  [completion({ echo: true, prompt: [1, 2] }), 400, "echo"],
  [completion({ model: "hearth" }), 400, "model"],
  [embedding({ input: "" }), 400, "input"],
  [embedding({ input: [] }), 400, "input"],
  [embedding({ input: [1, 2, 3] }), 400, "input[0]"],
  [embedding({ encoding_format: "int8" }), 400, "encoding_format"],
  [embedding({ dimensions: 5 }), 400, "dimensions"],
  [embedding({ model: "gone" }), 404, "model"],
  [response({ previous_response_id: "resp_1" }), 400, "previous_response_id"],
  [response({ conversation: "conv_1" }), 400, "conversation"],
  [response({ background: true }), 400, "background"],
  [response({ tools: [{ type: "web_search" }] }), 400, "tools[0].type"],
  [response({ input: [{ type: "item_reference", id: "x" }] }), 400, "input[0].type"],
  [
    response({ input: [{ role: "user", content: [{ type: "input_image", image_url: "x" }] }] }),
    400,
    "input[0].content[0].type",
  ],
];

test("the message says in plain words what is expected", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])));
  const sentences: readonly (readonly [readonly [string, object], string])[] = [
    [["/chat/completions", { messages: [user] }], "'model': the name of a model is required."],
    [chat({ messages: [{ role: "tool", content: "x" }] }), "'messages[0].tool_call_id' is missing; it must be a text."],
    [chat({ temperature: 3 }), "'temperature' must be at most 2."],
    [chat({ temperature: "hot" }), "'temperature' must be a number."],
    [chat({ top_p: 0 }), "'top_p' must be more than 0."],
    [chat({ n: 1000 }), "'n' must be at most 8."],
    [chat({ seed: 1.5 }), "'seed' must be a whole number."],
    [chat({ stop: ["a", "b", "c", "d", "e"] }), "'stop' must have at most 4 entries."],
    [chat({ stop: 5 }), "'stop' must be a text or a list."],
    [
      chat({ response_format: { type: "xml" } }),
      "'response_format.type' is not one of the values that are taken here.",
    ],
    [chat({ logit_bias: { x: 1 } }), "'logit_bias.x': keys are token ids."],
    [
      chat({ response_format: { type: "json_schema" } }),
      "'response_format.json_schema' is missing; it must be an object.",
    ],
    [embedding({ encoding_format: "int8" }), "'encoding_format' must be one of float, base64."],
  ];
  for (const [[path, body], sentence] of sentences) {
    const found = await fetch(`${server.baseUrl}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(((await found.json()) as { error: { message: string } }).error.message).toBe(sentence);
  }
  for (const [[path, body], status] of cases) {
    if (status !== 400) continue;
    const found = await fetch(`${server.baseUrl}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(await found.text()).not.toMatch(/Invalid|Too (big|small)|expected .* received/);
  }
});

test("wrong input is an OpenAI error with the right status and parameter, and nothing is generated", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine);
  for (const [[path, body], status, param] of cases) {
    const name = `${path} ${JSON.stringify(body)}`.slice(0, 200);
    const found = await fetch(`${server.baseUrl}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { error } = (await found.json()) as { error: Record<string, unknown> };
    expect([name, found.status, error.param]).toEqual([name, status, param]);
    expect([name, error.type]).toEqual([name, "invalid_request_error"]);
    expect(typeof error.message).toBe("string");
    expect(Object.keys(error).sort()).toEqual(["code", "message", "param", "type"]);
  }
  expect(engine.requests).toEqual([]);
});

test("a body that is not a JSON object is a 400, whatever it is", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])));
  for (const body of ["", "{", "null", "[]", '"x"', "\u0000", '{"model":"default","messages":[', "[".repeat(100)]) {
    const found = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${testKey}` },
      body,
    });
    expect([body.slice(0, 20), found.status]).toEqual([body.slice(0, 20), 400]);
    expect(await found.json()).toMatchObject({ error: { type: "invalid_request_error", code: "invalid_json" } });
  }
});

test("a body that is nested without end is a 400 before anything walks it", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine);
  const schema = `${'{"type":"object","properties":{"a":'.repeat(50_000)}{}${"}}".repeat(50_000)}`;
  const format = `{"type":"json_schema","json_schema":{"name":"a","schema":${schema}}}`;
  const found = await fetch(`${server.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}` },
    body: `{"model":"default","messages":[{"role":"user","content":"hi"}],"response_format":${format}}`,
  });
  expect(found.status).toBe(400);
  expect(await found.json()).toMatchObject({ error: { type: "invalid_request_error", code: "body_too_deep" } });
  expect(engine.requests).toEqual([]);
});

test("a body over the limit is a 413 before it is parsed", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])));
  const messages = [{ role: "user" as const, content: "x".repeat(8_400_000) }];
  const failure = await server.client.chat.completions.create({ model: "default", messages }).catch((thrown) => thrown);
  expect(failure.status).toBe(413);
  expect(failure.code).toBe("body_too_large");
});

test("no key, a wrong key and a key without the scope are told apart", async () => {
  const readOnlyKey = "hk_read-only-0123456789";
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])), undefined, (services) => {
    services.knownKeys.set(readOnlyKey, { id: "key_2", person: memberPerson, scopes: ["agent"] });
  });
  const at = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${server.baseUrl}/v1`, maxRetries: 0 });
  expect(await failureOf(at("hk_wrong-0123456789").models.list())).toBeInstanceOf(OpenAI.AuthenticationError);
  const messages = [user as { role: "user"; content: string }];
  const refused = at(readOnlyKey).chat.completions.create({ model: "default", messages });
  expect(await failureOf(refused)).toBeInstanceOf(OpenAI.PermissionDeniedError);
  expect((await at(readOnlyKey).models.list()).data.map(({ id }) => id)).toEqual(["hearth"]);
  const bare = await fetch(`${server.baseUrl}/v1/models`);
  expect(bare.status).toBe(401);
  expect(bare.headers.get("www-authenticate")).toBe("Bearer");
});

test("an unknown address under /v1 is a 404 of the same shape", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])));
  expect(await failureOf(server.client.files.list())).toBeInstanceOf(OpenAI.NotFoundError);
});
