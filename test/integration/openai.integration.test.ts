// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, expect, test } from "bun:test";
import OpenAI from "openai";
import type { ConversationList, CreatedApiKey, Status } from "../../appliance/lan/http-api/index.ts";
import {
  type ApplianceProcess,
  createHearthHome,
  eventually,
  type HearthHome,
  startAppliance,
} from "../harness/appliance-process.ts";

// A whole appliance with the guide model, and the real client. What the words of the guide are worth is measured
// elsewhere; here it is that each call does on a real engine what it says.

let home: HearthHome;
let appliance: ApplianceProcess;
let key: CreatedApiKey;
let client: OpenAI;
const question = [{ role: "user" as const, content: "How do I add a person?" }];

beforeAll(async () => {
  home = await createHearthHome();
  appliance = await startAppliance(home);
  key = await home.command<CreatedApiKey>(["key", "create", "--name", "test"]);
  client = new OpenAI({ apiKey: key.key, baseURL: `${appliance.baseUrl}/v1`, maxRetries: 0 });
}, 90_000);

afterAll(async () => {
  await appliance?.stop();
  home?.[Symbol.dispose]();
});

test("the agent answers, streamed and whole alike, and its message is in the box", async () => {
  const whole = await client.chat.completions.create({ model: "hearth", messages: question, user: "one" });
  const stream = await client.chat.completions.create({
    model: "hearth",
    messages: question,
    user: "two",
    stream: true,
  });
  let streamed = "";
  for await (const chunk of stream) streamed += chunk.choices[0]?.delta.content ?? "";
  expect(streamed.length).toBeGreaterThan(10);
  expect(whole.choices[0]?.message.content).toBe(streamed);
  const response = await fetch("http://hearth/api/conversations", { unix: `${home.path}/hearth.sock` });
  const { conversations } = (await response.json()) as ConversationList;
  expect(conversations.filter(({ channel }) => channel === "api").length).toBe(2);
});

test("a repeated Idempotency-Key gets the same answer, also after the box was killed", async () => {
  const ask = async () => {
    const options = { headers: { "idempotency-key": "order-17" } };
    const answer = await client.chat.completions.create(
      { model: "hearth", messages: question, user: "three" },
      options,
    );
    return answer.choices[0]?.message.content;
  };
  const first = await ask();
  expect(first?.length).toBeGreaterThan(10);
  expect(await ask()).toBe(first as string);
  await appliance.stop("SIGKILL");
  appliance = await startAppliance(home);
  expect(await ask()).toBe(first as string);
}, 60_000);

test("the bare model keeps to limits, stops, schemas and tools", async () => {
  const base = { model: "default", messages: question, temperature: 0 } as const;
  const cut = await client.chat.completions.create({ ...base, max_tokens: 4 });
  expect(cut.choices[0]?.finish_reason).toBe("length");
  expect(cut.usage?.completion_tokens).toBe(4);
  const text = cut.choices[0]?.message.content ?? "";
  const stop = text.slice(1, 3);
  const stopped = await client.chat.completions.create({ ...base, max_tokens: 4, stop });
  expect(stopped.choices[0]?.finish_reason).toBe("stop");
  expect(stopped.choices[0]?.message.content).not.toContain(stop);
  const schema = {
    type: "object",
    properties: { isOpen: { type: "boolean" }, day: { enum: ["monday", "sunday"] } },
    required: ["isOpen", "day"],
    additionalProperties: false,
  };
  const structured = await client.chat.completions.create({
    ...base,
    max_tokens: 100,
    response_format: { type: "json_schema", json_schema: { name: "hours", schema } },
  });
  const parsed = JSON.parse(structured.choices[0]?.message.content ?? "");
  expect(typeof parsed.isOpen).toBe("boolean");
  expect(["monday", "sunday"]).toContain(parsed.day);
  const tool = { type: "function" as const, function: { name: "look_up", parameters: schema } };
  const called = await client.chat.completions.create({
    ...base,
    max_tokens: 100,
    tools: [tool],
    tool_choice: "required",
  });
  const call = called.choices[0]?.message.tool_calls?.[0];
  expect(called.choices[0]?.finish_reason).toBe("tool_calls");
  expect(call?.type === "function" ? call.function.name : "").toBe("look_up");
  expect(Object.keys(JSON.parse(call?.type === "function" ? call.function.arguments : ""))).toEqual(["isOpen", "day"]);
});

test("the same seed says the same, a bias moves it, and log probabilities add up", async () => {
  const base = { model: "default", messages: question, temperature: 1, max_tokens: 8 } as const;
  const say = async (seed: number) =>
    (await client.chat.completions.create({ ...base, seed })).choices[0]?.message.content;
  expect(await say(5)).toBe((await say(5)) as string);
  const answer = await client.chat.completions.create({ ...base, seed: 5, logprobs: true, top_logprobs: 3 });
  const { content } = answer.choices[0]?.logprobs ?? {};
  expect(content?.map(({ token }) => token).join("")).toBe(answer.choices[0]?.message.content as string);
  for (const { logprob, top_logprobs } of content ?? []) {
    expect(logprob).toBeLessThanOrEqual(0);
    expect(top_logprobs).toHaveLength(3);
    const share = top_logprobs.reduce((sum, other) => sum + Math.exp(other.logprob), 0);
    expect(share).toBeLessThanOrEqual(1.0001);
  }
});

test("what the guide cannot do is said in OpenAI's words", async () => {
  const failure = await client.embeddings.create({ model: "default", input: "x" }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(failure).toMatchObject({ status: 400, type: "invalid_request_error" });
  const long = [{ role: "user" as const, content: "word ".repeat(100_000) }];
  const refused = await client.chat.completions.create({ model: "default", messages: long, stream: true }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(refused).toMatchObject({ status: 400, code: "context_length_exceeded" });
});

test("a client that leaves frees the engine at once", async () => {
  const stream = await client.chat.completions.create({ model: "default", messages: question, stream: true });
  for await (const _ of stream) break;
  const isIdle = async (): Promise<boolean> => {
    const response = await fetch("http://hearth/api/status", { unix: `${home.path}/hearth.sock` });
    const { engine } = (await response.json()) as Status;
    return engine.runningSequences === 0 && engine.queuedRequests === 0;
  };
  await eventually(isIdle, "the engine is idle", 1000);
});

test("150 calls at once are each answered or told when to come back", async () => {
  const calls = Array.from({ length: 150 }, (_, index) =>
    client.chat.completions.create({ model: "default", messages: question, max_tokens: 8, seed: index }).then(
      (answer) => ({ status: 200, retryAfter: "", text: answer.choices[0]?.message.content }),
      (thrown: InstanceType<typeof OpenAI.APIError>) => ({
        status: thrown.status,
        retryAfter: thrown.headers?.get("retry-after"),
        text: "",
      }),
    ),
  );
  const outcomes = await Promise.all(calls);
  expect(outcomes.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
  for (const { status, retryAfter } of outcomes) {
    expect([200, 429]).toContain(status as number);
    if (status === 429) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  }
  expect((await fetch(`${appliance.baseUrl}/readyz`)).status).toBe(200);
}, 60_000);

test("what was done is in the metrics, under the contract's names", async () => {
  const text = await (await fetch(`${appliance.baseUrl}/metrics`)).text();
  for (const name of [
    "hearth_turn_seconds",
    "hearth_time_to_first_token_seconds",
    "hearth_inter_token_seconds",
    "hearth_tokens",
    "hearth_batch_occupancy",
    "hearth_queue_depth",
    "hearth_prefix_hit_tokens",
    "hearth_messages",
    "hearth_egress_bytes",
  ]) {
    expect(text).toContain(`# TYPE ${name} `);
  }
  const completionTokens = /hearth_tokens_total\{kind="completion"\} (\d+)/.exec(text)?.[1];
  expect(Number(completionTokens)).toBeGreaterThan(100);
});

test("a key that was revoked opens nothing from that moment", async () => {
  await home.command(["key", "rm", key.id]);
  const failure = await client.models.list().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(failure).toBeInstanceOf(OpenAI.AuthenticationError);
});
