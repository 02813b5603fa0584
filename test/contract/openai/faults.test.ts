// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { connect } from "node:net";
import OpenAI from "openai";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import { failureOf, startOpenAiServer, testKey } from "./openai-server.ts";

const messages = [{ role: "user" as const, content: "hi" }];
const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 };

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

test("a full queue is a 429 with Retry-After, streamed or not", async () => {
  const engine = scriptedEngine(async function* () {
    yield { type: "failed", code: "queue-full", message: "The queue is full.", retryAfterMs: 2500 };
  });
  await using server = await startOpenAiServer(engine);
  for (const stream of [true, false]) {
    const failure = await failureOf(server.client.chat.completions.create({ model: "default", messages, stream }));
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failure.code).toBe("queue_full");
    expect(failure.headers?.get("retry-after")).toBe("3");
  }
});

test("each of the engine's failures has its status", async () => {
  const statuses = {
    "prompt-too-long": 400,
    "invalid-request": 400,
    "model-not-found": 404,
    "model-unavailable": 503,
    "engine-unavailable": 503,
    "decode-failed": 500,
    "deadline-exceeded": 503,
  } as const;
  for (const [code, status] of Object.entries(statuses) as [keyof typeof statuses, number][]) {
    const engine = scriptedEngine(async function* () {
      yield { type: "failed", code, message: "why" };
    });
    await using server = await startOpenAiServer(engine);
    const failure = await failureOf(
      server.client.chat.completions.create({ model: "default", messages, stream: true }),
    );
    expect([code, failure.status]).toEqual([code, status]);
    expect(failure.message).toContain("why");
  }
});

test("a prompt that is too long names the parameter of its call", async () => {
  const engine = scriptedEngine(async function* () {
    yield { type: "failed", code: "prompt-too-long", message: "too long" };
  });
  await using server = await startOpenAiServer(engine);
  const { chat, completions, responses } = server.client;
  const failures = [
    await failureOf(chat.completions.create({ model: "default", messages })),
    await failureOf(completions.create({ model: "default", prompt: "x" })),
    await failureOf(responses.create({ model: "default", input: "x" })),
  ];
  expect(failures.map(({ param, code }) => [param, code])).toEqual([
    ["messages", "context_length_exceeded"],
    ["prompt", "context_length_exceeded"],
    ["input", "context_length_exceeded"],
  ]);
});

test("an engine that throws is a 500 that does not repeat its words", async () => {
  const engine = scriptedEngine(() => {
    throw new Error("secret path /home/x");
  });
  await using server = await startOpenAiServer(engine);
  const failure = await failureOf(server.client.chat.completions.create({ model: "default", messages }));
  expect(failure.status).toBe(500);
  expect(failure.message).not.toContain("secret");
});

test("a failure in the middle of a stream is an error to the client, after what was said", async () => {
  const engine = scriptedEngine(async function* () {
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    yield { type: "delta", text: "half an ans" };
    yield { type: "failed", code: "decode-failed", message: "The model could not go on." };
  });
  await using server = await startOpenAiServer(engine);
  const stream = await server.client.chat.completions.create({ model: "default", messages, stream: true });
  let said = "";
  const failure = await failureOf(
    (async () => {
      for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? "";
    })(),
  );
  expect(said).toBe("half an ans");
  expect(failure.message).toContain("could not go on");
});

test("when one of n answers fails the others are cancelled", async () => {
  const cancelled: number[] = [];
  let count = 0;
  const engine = scriptedEngine(async function* (_, signal) {
    const index = count++;
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    if (index === 1) {
      yield { type: "failed", code: "decode-failed", message: "bad" };
      return;
    }
    await untilAborted(signal);
    cancelled.push(index);
  });
  await using server = await startOpenAiServer(engine);
  const failure = await failureOf(server.client.chat.completions.create({ model: "default", messages, n: 3 }));
  expect(failure.status).toBe(500);
  await Bun.sleep(20);
  expect(cancelled.sort()).toEqual([0, 2]);
});

test("a client that leaves while it waits in the queue is out of it, streamed or not", async () => {
  for (const stream of [true, false]) {
    const entered = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const engine = scriptedEngine(async function* (_, signal) {
      yield { type: "queued", position: 3, predictedWaitMs: 60_000 };
      entered.resolve();
      await untilAborted(signal);
      left.resolve();
      yield { type: "end", reason: "cancelled", usage };
    });
    await using server = await startOpenAiServer(engine);
    const abort = new AbortController();
    const call = server.client.chat.completions
      .create({ model: "default", messages, stream }, { signal: abort.signal })
      .then(async (answer) => {
        if (Symbol.asyncIterator in answer) for await (const _ of answer);
      })
      .catch((thrown: unknown) => thrown);
    await entered.promise;
    abort.abort();
    await left.promise;
    await call;
    expect(engine.signals[0]?.aborted).toBe(true);
  }
});

/** A raw HTTP exchange, to see what the client library hides. */
function rawRequest(port: number, body: string) {
  const socket = connect(port, "127.0.0.1");
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${testKey}\r\n`;
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return socket;
}

test("a stream in a long queue shows that it lives, with comments that clients skip", async () => {
  const release = Promise.withResolvers<void>();
  const engine = scriptedEngine(async function* () {
    yield { type: "queued", position: 1, predictedWaitMs: 1000 };
    await release.promise;
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    yield { type: "delta", text: "late" };
    yield { type: "end", reason: "stop", usage };
  });
  await using server = await startOpenAiServer(engine);
  const socket = rawRequest(
    Number(new URL(server.baseUrl).port),
    JSON.stringify({ model: "default", messages, stream: true }),
  );
  let received = "";
  const isDone = new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      received += data.toString();
      if (received.split(": still here").length > 3) release.resolve();
      if (received.includes("[DONE]")) resolve();
    });
  });
  await isDone;
  socket.destroy();
  expect(received).toContain("200 OK");
  expect(received).toContain("text/event-stream");
  expect(received.indexOf(": still here")).toBeLessThan(received.indexOf("late"));
});

test("a client that does not read stops the engine from being asked, and memory from growing", async () => {
  const piece = "x".repeat(16_384);
  const engine = scriptedEngine(async function* () {
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    for (let index = 0; index < 100_000; index++) yield { type: "delta", text: piece };
    yield { type: "end", reason: "stop", usage };
  });
  await using server = await startOpenAiServer(engine);
  const socket = rawRequest(
    Number(new URL(server.baseUrl).port),
    JSON.stringify({ model: "default", messages, stream: true }),
  );
  socket.pause();
  let before = -1;
  while (engine.taken() !== before) {
    before = engine.taken();
    await Bun.sleep(150);
  }
  const stalledAt = engine.taken();
  expect(stalledAt).toBeGreaterThan(1);
  // Kernel buffers of both ends take a few megabytes; 1.6 GB would be all of it.
  expect(stalledAt * piece.length).toBeLessThan(32_000_000);
  socket.destroy();
  await Bun.sleep(50);
  expect(engine.signals[0]?.aborted).toBe(true);
  expect(engine.taken()).toBeLessThan(stalledAt + 5);
});

test("the limit of a key is a 429", async () => {
  const engine = scriptedEngine(sayWords(["x"]));
  await using server = await startOpenAiServer(engine, undefined, (services) => {
    services.apiKeys.takeFromLimit = () => ({ isAllowed: false, retryAfterMs: 1500 });
  });
  const failure = await failureOf(server.client.chat.completions.create({ model: "default", messages }));
  expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
  expect(failure.code).toBe("rate_limit_exceeded");
  expect(failure.headers?.get("retry-after")).toBe("2");
  expect(engine.requests).toEqual([]);
});
