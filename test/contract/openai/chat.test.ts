// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import { startOpenAiServer } from "./openai-server.ts";

test("the openai client reads a streamed answer word for word, with its usage", async () => {
  const engine = scriptedEngine(sayWords(["Hel", "lo", " wörld 你好"]));
  await using server = await startOpenAiServer(engine);
  const stream = await server.client.chat.completions.create({
    model: "default",
    messages: [{ role: "user", content: "hi" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const pieces: string[] = [];
  let usage: unknown;
  let finish: string | null = null;
  for await (const chunk of stream) {
    expect(chunk.object).toBe("chat.completion.chunk");
    expect(chunk.model).toBe("tiny");
    pieces.push(chunk.choices[0]?.delta.content ?? "");
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  expect(pieces.filter((piece) => piece !== "")).toEqual(["Hel", "lo", " wörld 你好"]);
  expect(finish as string | null).toBe("stop");
  expect(usage).toEqual({
    prompt_tokens: 7,
    completion_tokens: 3,
    total_tokens: 10,
    prompt_tokens_details: { cached_tokens: 3 },
  });
});

test("the openai client gets a whole answer", async () => {
  await using server = await startOpenAiServer(scriptedEngine(sayWords(["Good", " day"])));
  const answer = await server.client.chat.completions.create({
    model: "tiny",
    messages: [
      { role: "developer", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "hi" }] },
    ],
  });
  expect(answer.choices[0]?.message).toMatchObject({ role: "assistant", content: "Good day" });
  expect(answer.choices[0]?.finish_reason).toBe("stop");
  expect(answer.usage?.total_tokens).toBe(9);
});

test("a client that leaves aborts the engine's signal", async () => {
  const left = Promise.withResolvers<void>();
  const engine = scriptedEngine(async function* (_, signal) {
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    yield { type: "delta", text: "one" };
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    left.resolve();
  });
  await using server = await startOpenAiServer(engine);
  const stream = await server.client.chat.completions.create({
    model: "default",
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content === "one") break;
  await left.promise;
  expect(engine.signals[0]?.aborted).toBe(true);
});
