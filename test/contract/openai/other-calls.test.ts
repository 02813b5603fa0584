// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import { failureOf, startOpenAiServer } from "./openai-server.ts";

test("models are listed and read", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["x"])));
  const models = await server.client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["hearth", "default", "tiny"]);
  expect(await server.client.models.retrieve("tiny")).toMatchObject({
    id: "tiny",
    object: "model",
    owned_by: "hearth",
  });
  expect(await failureOf(server.client.models.retrieve("gone"))).toBeInstanceOf(OpenAI.NotFoundError);
});

describe("completions", () => {
  test("a prompt goes on, with OpenAI's default of 16 tokens", async () => {
    const engine = scriptedEngine(sayWords([" upon", " a time"]));
    await using server = await startOpenAiServer(engine);
    const answer = await server.client.completions.create({ model: "tiny", prompt: "Once", echo: true });
    expect(answer.choices[0]).toMatchObject({
      index: 0,
      text: "Once upon a time",
      finish_reason: "stop",
      logprobs: null,
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 2 });
    expect(engine.requests[0]).toMatchObject({ input: { kind: "text", prompt: "Once" }, maxTokens: 16 });
  });

  test("several prompts, n of each, and token ids", async () => {
    const engine = scriptedEngine(sayWords(["x"]));
    await using server = await startOpenAiServer(engine);
    const answer = await server.client.completions.create({ model: "tiny", prompt: ["a", "b"], n: 2 });
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 4 });
    await server.client.completions.create({ model: "tiny", prompt: [1, 2, 3] });
    await server.client.completions.create({ model: "tiny", prompt: [[1], [2, 3]] });
    const prompts = engine.requests.map(({ input }) => (input.kind === "text" ? input.prompt : null));
    expect(prompts).toEqual(["a", "a", "b", "b", [1, 2, 3], [1], [2, 3]]);
  });

  test("a stream, with offsets of its log probabilities", async () => {
    const top = [{ token: "B", logprob: -3 }];
    const engine = scriptedEngine(async function* () {
      yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
      yield { type: "delta", text: "ab", logprobs: [{ token: "ab", logprob: -1, top }] };
      yield { type: "delta", text: "c", logprobs: [{ token: "c", logprob: -2, top: [] }] };
      yield { type: "end", reason: "length", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 2 } };
    });
    await using server = await startOpenAiServer(engine);
    const stream = await server.client.completions.create({
      model: "tiny",
      prompt: "p",
      logprobs: 1,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join("")).toBe("abc");
    expect(chunks.flatMap(({ choices }) => choices.flatMap(({ logprobs }) => logprobs?.text_offset ?? []))).toEqual([
      0, 2,
    ]);
    expect(chunks[0]?.choices[0]?.logprobs?.top_logprobs).toEqual([{ B: -3 }]);
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(3);
  });
});

describe("embeddings", () => {
  test("vectors come as floats and as base64, and the client reads both alike", async () => {
    await using server = await startOpenAiServer(scriptedEngine(sayWords([])));
    const input = ["one", "three"];
    const expected = [
      [3, 0.5, -0.25],
      [5, 0.5, -0.25],
    ];
    for (const encoding_format of [undefined, "float", "base64"] as const) {
      const answer = await server.client.embeddings.create({
        model: "tiny",
        input,
        ...(encoding_format && { encoding_format }),
      });
      expect(answer.usage.total_tokens).toBe(2);
      const vectors = answer.data.map(({ embedding }) =>
        typeof embedding === "string"
          ? [...new Float32Array(Buffer.from(embedding, "base64").buffer.slice(0))]
          : embedding,
      );
      if (encoding_format !== "base64") expect(vectors).toEqual(expected);
      else
        expect(answer.data[0]?.embedding as unknown).toBe(
          Buffer.from(new Float32Array([3, 0.5, -0.25]).buffer).toString("base64"),
        );
    }
  });
});

describe("responses", () => {
  test("a text is answered, and nothing is stored", async () => {
    const engine = scriptedEngine(sayWords(["Good", " day"]));
    await using server = await startOpenAiServer(engine);
    const answer = await server.client.responses.create({
      model: "default",
      instructions: "Be kind.",
      input: "hi",
      max_output_tokens: 9,
    });
    expect(answer.output_text).toBe("Good day");
    expect(answer).toMatchObject({ object: "response", status: "completed", store: false, model: "tiny", error: null });
    expect(answer.usage).toMatchObject({
      input_tokens: 7,
      output_tokens: 2,
      total_tokens: 9,
      input_tokens_details: { cached_tokens: 3 },
    });
    expect(engine.requests[0]).toMatchObject({
      maxTokens: 9,
      input: {
        kind: "chat",
        messages: [
          { role: "system", content: "Be kind." },
          { role: "user", content: "hi" },
        ],
      },
    });
  });

  test("the events of a stream are in order, numbered, and add up to the answer", async () => {
    await using server = await startOpenAiServer(scriptedEngine(sayWords(["Good", " day"])));
    const stream = await server.client.responses.create({ model: "default", input: "hi", stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => ("sequence_number" in event ? event.sequence_number : -1))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    const final = await server.client.responses.stream({ model: "default", input: "hi" }).finalResponse();
    expect(final.output_text).toBe("Good day");
  });

  test("function calls go out and their results come back in the engine's form", async () => {
    const engine = scriptedEngine(async function* () {
      yield { type: "started", model: "tiny", promptTokens: 5, cachedTokens: 0 };
      yield { type: "delta", text: "Looking." };
      yield { type: "tool-call", index: 0, call: { id: "call_1", name: "weather", argumentsJson: "{}" } };
      yield { type: "end", reason: "tool-calls", usage: { promptTokens: 5, cachedTokens: 0, completionTokens: 9 } };
    });
    await using server = await startOpenAiServer(engine);
    const tools = [{ type: "function" as const, name: "weather", parameters: { type: "object" }, strict: true }];
    const options = {
      model: "default",
      input: "Weather?",
      tools,
      tool_choice: { type: "function" as const, name: "weather" },
    };
    const first = await server.client.responses.create(options);
    expect(first.output.map(({ type }) => type)).toEqual(["message", "function_call"]);
    expect(first.output[1]).toMatchObject({ call_id: "call_1", name: "weather", arguments: "{}", status: "completed" });
    const streamed = await server.client.responses.stream(options).finalResponse();
    expect(streamed.output.map(({ type }) => type)).toEqual(["message", "function_call"]);
    await server.client.responses.create({
      model: "default",
      input: [
        { role: "user", content: "Weather?" },
        { type: "function_call", call_id: "call_1", name: "weather", arguments: "{}" },
        { type: "function_call", call_id: "call_2", name: "weather", arguments: "{}" },
        { type: "function_call_output", call_id: "call_1", output: "sunny" },
      ],
    });
    expect(engine.requests[0]?.toolChoice).toEqual({ name: "weather" });
    expect(engine.requests[2]?.input).toEqual({
      kind: "chat",
      messages: [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: "",
          toolCalls: [
            { id: "call_1", name: "weather", argumentsJson: "{}" },
            { id: "call_2", name: "weather", argumentsJson: "{}" },
          ],
        },
        { role: "tool", content: "sunny", toolCallId: "call_1" },
      ],
    });
  });

  test("an answer that was cut is incomplete, and a failure in the middle is response.failed", async () => {
    let isFailing = false;
    const engine = scriptedEngine(async function* () {
      yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
      yield { type: "delta", text: "cut" };
      if (isFailing) yield { type: "failed", code: "decode-failed", message: "broken" };
      else yield { type: "end", reason: "length", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } };
    });
    await using server = await startOpenAiServer(engine);
    const cut = await server.client.responses.create({ model: "default", input: "hi" });
    expect(cut).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output_text: "cut",
    });
    isFailing = true;
    const stream = await server.client.responses.create({ model: "default", input: "hi", stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { message: "broken" } },
    });
  });

  test("a format can be asked for", async () => {
    const engine = scriptedEngine(sayWords(["{}"]));
    await using server = await startOpenAiServer(engine);
    const schema = { type: "object" };
    await server.client.responses.create({
      model: "default",
      input: "hi",
      text: { format: { type: "json_schema", name: "answer", schema } },
    });
    expect(engine.requests[0]?.format).toEqual({ kind: "json-schema", schema });
  });
});
