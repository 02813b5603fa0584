// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createOpenAiEngine, type FetchPort } from "../../../appliance/inference/backends/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { collect, question } from "./collect-generation.ts";

describe("an OpenAI-compatible server that misbehaves", () => {
  const engineWith = (chat: FetchPort, options: { idleLimitMs?: number } = {}) => {
    const fetchPort: FetchPort = async (url, init) =>
      url.endsWith("/models") ? Response.json({ data: [{ id: "m" }] }) : chat(url, init);
    return createOpenAiEngine(
      { clock: systemClock, logger: silentLogger, fetch: fetchPort },
      { baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-secret", ...options },
    );
  };
  const sse = (text: string) => async () => new Response(text, { headers: { "content-type": "text/event-stream" } });
  const ask = async (chat: FetchPort, options: { idleLimitMs?: number } = {}) =>
    collect(engineWith(chat, options), question("x"));

  test("a stream that ends in the middle is a failure, and what came was said", async () => {
    const answer = await ask(sse('data: {"choices":[{"delta":{"content":"half"}}]}\n\n'));
    expect(answer.text).toBe("half");
    expect(answer.failure).toMatchObject({ code: "engine-unavailable" });
  });

  test("chunks that are no JSON, and errors within the stream, are failures", async () => {
    expect((await ask(sse("data: {broken\n\n"))).failure?.code).toBe("decode-failed");
    expect((await ask(sse('data: {"error":{"message":"out of memory"}}\n\n'))).failure?.message).toBe("out of memory");
  });

  test("silence is noticed", async () => {
    const silent: FetchPort = (_url, init) =>
      new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    const answer = await ask(silent, { idleLimitMs: 15 });
    expect(answer.failure).toMatchObject({ code: "engine-unavailable", message: expect.stringContaining("silent") });
  });

  test("429 becomes queue-full with the server's own time", async () => {
    const busy: FetchPort = async () =>
      new Response('{"error":{"message":"busy"}}', { status: 429, headers: { "retry-after": "3" } });
    expect((await ask(busy)).failure).toMatchObject({ code: "queue-full", retryAfterMs: 3000 });
  });

  test("a tool call in pieces is said once, whole", async () => {
    const part = (call: object): string =>
      `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] })}\n\n`;
    const stream =
      part({ index: 0, id: "c", function: { name: "f", arguments: '{"a"' } }) +
      part({ index: 0, function: { arguments: ":1}" } }) +
      'data: {"choices":[{"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":4}}\n\ndata: [DONE]\n\n';
    const answer = await ask(sse(stream));
    expect(answer.calls).toEqual([{ id: "c", name: "f", argumentsJson: '{"a":1}' }]);
    expect(answer.reason).toBe("tool-calls");
    expect(answer.usage).toEqual({ promptTokens: 5, cachedTokens: 0, completionTokens: 4 });
  });

  test("a server that is not there leaves a clear state, without the key in it", async () => {
    const engine = createOpenAiEngine(
      { clock: systemClock, logger: silentLogger, fetch: () => Promise.reject(new Error("refused")) },
      { baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-secret" },
    );
    await engine.start(new AbortController().signal);
    expect(engine.status()).toMatchObject({ state: "down", backend: "openai" });
    expect(JSON.stringify([engine.status(), engine.health()])).not.toContain("sk-secret");
    await engine.stop();
  });
});
