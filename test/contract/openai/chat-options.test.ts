// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import type { ChatCompletionTool } from "openai/resources/chat/completions";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import { startOpenAiServer } from "./openai-server.ts";

const messages = [{ role: "user" as const, content: "hi" }];
const weather: ChatCompletionTool = {
  type: "function",
  function: {
    name: "weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

test("sampling, limits and stops reach the engine as they were asked for", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine);
  await server.client.chat.completions.create({
    model: "tiny",
    messages,
    temperature: 0.3,
    top_p: 0.9,
    seed: 7,
    presence_penalty: 0.5,
    frequency_penalty: -0.5,
    logit_bias: { "42": -100 },
    stop: ["END", "\n"],
    max_completion_tokens: 12,
    logprobs: true,
    top_logprobs: 2,
  });
  expect(engine.requests[0]).toMatchObject({
    tenant: "key_test",
    model: "tiny",
    input: { kind: "chat", messages: [{ role: "user", content: "hi" }] },
    sampling: {
      temperature: 0.3,
      topP: 0.9,
      seed: 7,
      presencePenalty: 0.5,
      frequencyPenalty: -0.5,
      logitBias: { 42: -100 },
    },
    stop: ["END", "\n"],
    maxTokens: 12,
    topLogprobs: 2,
  });
});

test("what a client sends as null is as if it were absent", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine);
  await server.client.chat.completions.create({
    model: "default",
    messages,
    temperature: null,
    stop: null,
    seed: null,
    n: null,
    max_tokens: null,
    logit_bias: null,
    stream: null,
  });
  const request = engine.requests[0];
  expect(request).not.toHaveProperty("model");
  expect(request).not.toHaveProperty("stop");
  expect(request).not.toHaveProperty("maxTokens");
  expect(request?.sampling).toEqual({ temperature: 1, seed: expect.any(Number) });
});

test("without temperature and seed, each answer is drawn at temperature 1 with a seed of its own", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine);
  const { chat, completions, responses } = server.client;
  await chat.completions.create({ model: "default", messages, n: 2 });
  await chat.completions.create({ model: "tiny", messages });
  await completions.create({ model: "default", prompt: ["a", "b"], n: 2 });
  await responses.create({ model: "default", input: "hi" });
  expect(engine.requests.map(({ sampling }) => sampling?.temperature)).toEqual(Array.from({ length: 8 }, () => 1));
  const seeds = engine.requests.map(({ sampling }) => sampling?.seed);
  expect(seeds.every((seed) => Number.isSafeInteger(seed))).toBe(true);
  expect(new Set(seeds).size).toBe(8);
});

test("the guide answers greedily when no temperature is asked for", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  const [guide] = (await engine.models()).map((model) => ({ ...model, id: "guide", isGuide: true }));
  if (guide === undefined) throw new Error("the scripted engine has no model");
  const guideEngine = { ...engine, models: async () => [guide], defaultModel: async () => guide };
  await using server = await startOpenAiServer(guideEngine);
  await server.client.chat.completions.create({ model: "default", messages });
  await server.client.chat.completions.create({ model: "guide", messages });
  await server.client.chat.completions.create({ model: "guide", messages, temperature: 0.5 });
  expect(engine.requests.map(({ sampling }) => sampling?.temperature)).toEqual([undefined, undefined, 0.5]);
});

test("an engine that is still starting is asked all the same", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  const defaultModel = async () => Promise.reject(new Error("not loaded yet"));
  await using server = await startOpenAiServer({ ...engine, defaultModel });
  const answer = await server.client.chat.completions.create({ model: "default", messages });
  expect(answer.choices[0]?.message.content).toBe("x");
});

test("n answers have seeds of their own, and their usage counts the prompt once", async () => {
  const engine = scriptedEngine(async function* (request) {
    yield { type: "started", model: "tiny", promptTokens: 5, cachedTokens: 0 };
    yield { type: "delta", text: `seed ${request.sampling?.seed}` };
    yield { type: "end", reason: "length", usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 2 } };
  });
  await using server = await startOpenAiServer(engine);
  const answer = await server.client.chat.completions.create({ model: "default", messages, n: 3, seed: 10 });
  expect(answer.choices.map(({ index, message }) => [index, message.content])).toEqual([
    [0, "seed 10"],
    [1, "seed 11"],
    [2, "seed 12"],
  ]);
  expect(answer.choices.every(({ finish_reason }) => finish_reason === "length")).toBe(true);
  expect(answer.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 });
  const stream = await server.client.chat.completions.create({
    model: "default",
    messages,
    n: 2,
    seed: 1,
    stream: true,
  });
  const texts = ["", ""];
  for await (const chunk of stream) {
    for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? "";
  }
  expect(texts).toEqual(["seed 1", "seed 2"]);
});

test("tools and every kind of choice reach the engine, and calls come back whole and streamed", async () => {
  const engine = scriptedEngine(async function* () {
    yield { type: "started", model: "tiny", promptTokens: 5, cachedTokens: 0 };
    yield { type: "tool-call", index: 0, call: { id: "call_1", name: "weather", argumentsJson: '{"city":"Köln"}' } };
    yield { type: "end", reason: "tool-calls", usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 9 } };
  });
  await using server = await startOpenAiServer(engine);
  const choices = ["none", "auto", "required", { type: "function" as const, function: { name: "weather" } }] as const;
  for (const tool_choice of choices) {
    const answer = await server.client.chat.completions.create({
      model: "default",
      messages,
      tools: [weather],
      tool_choice,
      parallel_tool_calls: false,
    });
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
    expect(answer.choices[0]?.message.content).toBeNull();
    expect(answer.choices[0]?.message.tool_calls).toEqual([
      { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Köln"}' } },
    ]);
  }
  expect(engine.requests.map(({ toolChoice }) => toolChoice)).toEqual([
    "none",
    "auto",
    "required",
    { name: "weather" },
  ]);
  expect(engine.requests[0]).toMatchObject({
    parallelToolCalls: false,
    tools: [{ name: "weather", description: "The weather of a city" }],
  });
  const runner = server.client.chat.completions.stream({ model: "default", messages, tools: [weather] });
  const final = await runner.finalChatCompletion();
  expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { arguments: '{"city":"Köln"}' } });
});

test("a conversation with tool calls and their results is handed on in the engine's form", async () => {
  const engine = scriptedEngine(sayWords(["Sunny."]));
  await using server = await startOpenAiServer(engine);
  await server.client.chat.completions.create({
    model: "default",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Weather?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } }],
      },
      {
        role: "tool",
        tool_call_id: "call_1",
        content: [
          { type: "text", text: "su" },
          { type: "text", text: "nny" },
        ],
      },
    ],
  });
  expect(engine.requests[0]?.input).toEqual({
    kind: "chat",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Weather?" },
      { role: "assistant", content: "", toolCalls: [{ id: "call_1", name: "weather", argumentsJson: "{}" }] },
      { role: "tool", content: "sunny", toolCallId: "call_1" },
    ],
  });
});

test("answers can be held to JSON or to a schema", async () => {
  const engine = scriptedEngine(sayWords(['{"a":1}']));
  await using server = await startOpenAiServer(engine);
  const schema = { type: "object", properties: { a: { type: "integer" } } };
  await server.client.chat.completions.create({ model: "default", messages, response_format: { type: "json_object" } });
  await server.client.chat.completions.create({
    model: "default",
    messages,
    response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
  });
  expect(engine.requests.map(({ format }) => format)).toEqual([{ kind: "json" }, { kind: "json-schema", schema }]);
});

test("log probabilities come whole and streamed, with the bytes of each token", async () => {
  const logprobs = [{ token: "é", logprob: -0.1, top: [{ token: "e", logprob: -2 }] }];
  const engine = scriptedEngine(async function* () {
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    yield { type: "delta", text: "é", logprobs };
    yield { type: "end", reason: "stop", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } };
  });
  await using server = await startOpenAiServer(engine);
  const options = { model: "default", messages, logprobs: true, top_logprobs: 1 } as const;
  const expected = [
    { token: "é", logprob: -0.1, bytes: [0xc3, 0xa9], top_logprobs: [{ token: "e", logprob: -2, bytes: [0x65] }] },
  ];
  const whole = await server.client.chat.completions.create(options);
  expect(whole.choices[0]?.logprobs?.content).toEqual(expected);
  const stream = await server.client.chat.completions.create({ ...options, stream: true });
  const streamed = [];
  for await (const chunk of stream) streamed.push(...(chunk.choices[0]?.logprobs?.content ?? []));
  expect(streamed).toEqual(expected);
});
