// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import OpenAI from "openai";
import { sayWords, scriptedEngine } from "../../../appliance/lan/openai-api/testing.ts";
import type { LiveEvent, MessageRouter } from "../../../appliance/messaging/router/index.ts";
import type { SessionId, TurnId } from "../../../shared/ids/index.ts";
import { failureOf, scriptedRouter, startOpenAiServer } from "./openai-server.ts";

const engine = () => scriptedEngine(sayWords(["not the engine"]));
const started: LiveEvent = { type: "turn-started", turnId: "trn_1" as TurnId, sessionId: "ses_1" as SessionId };
const ended = (reply: string, reason: "stop" | "command" = "stop"): LiveEvent => ({
  type: "turn-ended",
  reply,
  reason,
  promptTokens: 20,
  cachedTokens: 15,
  completionTokens: 4,
  sources: ["Opening hours"],
});

test("the model hearth is the agent: one durable message, in the person's own conversation named by user", async () => {
  const { router, admitted } = scriptedRouter([
    { type: "turn-queued", position: 1, predictedWaitMs: 10 },
    started,
    { type: "turn-delta", text: "We open " },
    { type: "turn-delta", text: "at nine." },
    ended("We open at nine."),
  ]);
  await using server = await startOpenAiServer(engine(), router);
  const answer = await server.client.chat.completions.create({
    model: "hearth",
    user: "shop-42",
    messages: [
      { role: "user", content: "earlier" },
      { role: "assistant", content: "old answer" },
      { role: "user", content: "When do you open?" },
    ],
  });
  expect(answer.model).toBe("hearth");
  expect(answer.choices[0]?.message.content).toBe("We open at nine.");
  expect(answer.usage).toMatchObject({
    prompt_tokens: 20,
    completion_tokens: 4,
    prompt_tokens_details: { cached_tokens: 15 },
  });
  expect(admitted).toHaveLength(1);
  expect(admitted[0]).toMatchObject({
    channel: "api",
    event: {
      conversation: "per_member/shop-42",
      lane: "per_member/shop-42",
      sender: { address: "per_member", isVerified: true },
      text: "When do you open?",
    },
  });
});

test("its answer streams, and the end of a reply that was never streamed comes too", async () => {
  const { router } = scriptedRouter([started, { type: "turn-delta", text: "Hel" }, ended("Hello.")]);
  await using server = await startOpenAiServer(engine(), router);
  const stream = await server.client.chat.completions.create({
    model: "hearth",
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  });
  let said = "";
  for await (const chunk of stream) said += chunk.choices[0]?.delta.content ?? "";
  expect(said).toBe("Hello.");
});

test("a command's reply, which has no deltas, is the answer", async () => {
  const { router } = scriptedRouter([ended("I can help with …", "command")]);
  await using server = await startOpenAiServer(engine(), router);
  const response = await server.client.responses.create({ model: "hearth", input: "/help" });
  expect(response.output_text).toBe("I can help with …");
});

test("a repeated Idempotency-Key is the same event, and of another key it is not", async () => {
  const { router, admitted } = scriptedRouter([ended("ok")]);
  await using server = await startOpenAiServer(engine(), router);
  const call = (headers: Record<string, string>) =>
    server.client.chat.completions.create(
      { model: "hearth", messages: [{ role: "user", content: "hi" }] },
      { headers },
    );
  await call({ "idempotency-key": "once" });
  await call({ "idempotency-key": "once" });
  await call({});
  const ids = admitted.map(({ event }) => event.eventId);
  expect(ids[0]).toBe(ids[1] as string);
  expect(ids[0]).toStartWith("key_test/");
  expect(new Set(ids).size).toBe(2);
});

test("a client that leaves stops the turn", async () => {
  const cancelled = Promise.withResolvers<unknown>();
  const router: MessageRouter = {
    admit: async () => ({ isDuplicate: false, inboxId: "inb_7" }),
    async *watch(_, signal) {
      yield started;
      yield { type: "turn-delta", text: "one" };
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
    cancel: (target) => cancelled.resolve(target),
  };
  await using server = await startOpenAiServer(engine(), router);
  const stream = await server.client.chat.completions.create({
    model: "hearth",
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content === "one") break;
  expect(await cancelled.promise).toEqual({ inboxId: "inb_7" });
});

test("a box that stops tells the client so and leaves the turn to its next start", async () => {
  const begun = Promise.withResolvers<void>();
  const cancelled: unknown[] = [];
  const router: MessageRouter = {
    admit: async () => ({ isDuplicate: false, inboxId: "inb_8" }),
    async *watch(_, signal) {
      yield started;
      begun.resolve();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
    cancel: (target) => void cancelled.push(target),
  };
  await using server = await startOpenAiServer(engine(), router);
  const asked = failureOf(
    server.client.chat.completions.create({ model: "hearth", messages: [{ role: "user", content: "hi" }] }),
  );
  await begun.promise;
  await server[Symbol.asyncDispose]();
  expect(await asked).toMatchObject({ status: 503, code: "box_stopping" });
  expect(cancelled).toEqual([]);
});

test("the gateway's refusals and failed turns have their status", async () => {
  const failed = {
    type: "turn-failed",
    message: "for the log",
    reply: "Please try again.",
    isRetryable: true,
  } as const;
  const cases: readonly (readonly [LiveEvent, number, string])[] = [
    [{ type: "refused", reason: "rate-limited", reply: "Slow down.", retryAfterMs: 4000 }, 429, "rate_limited"],
    [{ type: "refused", reason: "blocked" }, 403, "blocked"],
    [{ type: "refused", reason: "too-large" }, 413, "message_too_large"],
    [{ ...failed, code: "queue-full", retryAfterMs: 4000 }, 429, "queue_full"],
    [{ ...failed, code: "engine-unavailable" }, 503, "engine_unavailable"],
    [{ ...failed, code: "crashed", isRetryable: false }, 500, "crashed"],
  ];
  for (const [event, status, code] of cases) {
    const { router } = scriptedRouter([event]);
    await using server = await startOpenAiServer(engine(), router);
    const call = server.client.chat.completions.create({
      model: "hearth",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
    });
    const failure = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(failure).toBeInstanceOf(OpenAI.APIError);
    expect(failure).toMatchObject({ status, code });
    expect(String(failure)).not.toContain("for the log");
    if (status === 429) expect((failure as InstanceType<typeof OpenAI.APIError>).headers?.get("retry-after")).toBe("4");
  }
});
