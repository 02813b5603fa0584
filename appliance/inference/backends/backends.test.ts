// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { collect, question } from "../../../test/contract/engine/collect-generation.ts";
import { createOpenAiEngine, type FetchPort, httpFailure, readServerSentEvents, retryAfterMs } from "./index.ts";

async function* chunks(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function all(
  text: string,
  sizes: readonly number[] = [1_000_000],
  limits = { maxEventBytes: 10_000, maxTotalBytes: 100_000 },
): Promise<string[]> {
  const found: string[] = [];
  for await (const data of readServerSentEvents(chunks(text, sizes), limits)) found.push(data);
  return found;
}

describe("server-sent events", () => {
  test("are found wherever the stream is cut", async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "é", "好", "😀", " ", "{", '"'), minLength: 1 }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom("\n", "\r\n"),
        async (values, sizes, end) => {
          const text = values.map((value) => `: comment${end}data: ${value}${end}${end}`).join("");
          expect(await all(text, sizes)).toEqual(values);
        },
      ),
    );
  });

  test("an event that does not end is refused at the bound, as is a stream that does not", async () => {
    expect(all(`data: ${"x".repeat(20_000)}`)).rejects.toThrow(/event of more than/);
    expect(all("data: x\n\n".repeat(20_000))).rejects.toThrow(/more than 100000 bytes/);
  });
});

describe("refusals of a model server", () => {
  const table = [
    [429, "7", "", "queue-full"],
    [503, "1", "", "queue-full"],
    [503, null, "", "engine-unavailable"],
    [401, null, "", "engine-unavailable"],
    [404, null, "", "model-not-found"],
    [400, null, '{"error":{"message":"bad temperature"}}', "invalid-request"],
    [
      400,
      null,
      '{"error":{"message":"maximum context length is 4096 tokens","code":"context_length_exceeded"}}',
      "prompt-too-long",
    ],
    [500, null, "<html>", "engine-unavailable"],
  ] as const;
  for (const [status, retry, body, code] of table) {
    test(`${status} ${body.slice(0, 30)} is ${code}`, () =>
      expect(httpFailure(status, retry, body, 0).code).toBe(code));
  }

  test("Retry-After is taken in seconds and as a date, within bounds", () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfterMs("2.5", now)).toBe(2500);
    expect(retryAfterMs(new Date(now + 5000).toUTCString(), now)).toBe(5000);
    expect(retryAfterMs("soon", now)).toBe(1000);
    expect(retryAfterMs("-5", now)).toBe(0);
    expect(retryAfterMs("1e12", now)).toBe(3_600_000);
  });
});

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
