// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Engine } from "../../../appliance/inference/engine/index.ts";
import { collect, question, requestOf } from "./collect-generation.ts";

/** An engine under test, with a model that answers anything for at least 200 tokens. */
export interface EngineFixture {
  readonly engine: Engine;
  stop(): Promise<void>;
}

const weather = {
  name: "get_weather",
  description: "The weather of a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string", maxLength: 12 }, days: { type: "integer", minimum: 1, maximum: 3 } },
    required: ["city", "days"],
  },
};
const clock = { name: "get_time", parameters: { type: "object", properties: {} } };

/** The conformance suite of the {@link Engine} contract. Every back-end runs it. */
export function describeEngine(name: string, make: () => Promise<EngineFixture>): void {
  describe(`engine contract: ${name}`, () => {
    let fixture: EngineFixture;
    let engine: Engine;
    beforeAll(async () => {
      fixture = await make();
      engine = fixture.engine;
    }, 60_000);
    afterAll(() => fixture.stop());

    test("streams deltas and closes with exactly one end that counts tokens", async () => {
      const answer = await collect(engine, question("hello", { sampling: { temperature: 0 }, maxTokens: 300 }));
      expect(answer.failure).toBeUndefined();
      expect(answer.text.length).toBeGreaterThan(0);
      expect(answer.events.filter((event) => event.type === "delta").length).toBeGreaterThan(1);
      expect(answer.events.filter((event) => event.type === "end" || event.type === "failed")).toHaveLength(1);
      expect(answer.events.at(-1)?.type).toBe("end");
      expect(answer.reason).toBe("length");
      expect(answer.usage?.completionTokens).toBe(300);
      expect(answer.usage?.promptTokens).toBeGreaterThan(5);
    });

    test("says who answers before the first delta", async () => {
      const { events } = await collect(engine, question("hello", { maxTokens: 4 }));
      const started = events.findIndex((event) => event.type === "started");
      expect(started).toBeGreaterThanOrEqual(0);
      expect(started).toBeLessThan(events.findIndex((event) => event.type === "delta"));
    });

    test("greedy answers repeat", async () => {
      const one = await collect(engine, question("repeat", { sampling: { temperature: 0 } }));
      const two = await collect(engine, question("repeat", { sampling: { temperature: 0 } }));
      expect(two.text).toBe(one.text);
    });

    test("the same seed repeats, another one does not", async () => {
      const ask = (seed: number) =>
        collect(engine, question("dice", { sampling: { temperature: 1.5, topK: 100, topP: 1, seed } }));
      const [one, two, other] = [await ask(7), await ask(7), await ask(8)];
      expect(two.text).toBe(one.text);
      expect(other.text).not.toBe(one.text);
    });

    test("a stop text ends the answer before it, and nothing of it is said", async () => {
      const free = await collect(engine, question("stop here", { sampling: { temperature: 0 }, maxTokens: 48 }));
      const at = Math.floor(free.text.length / 2);
      const stop = free.text.slice(at, at + 4);
      const stopped = await collect(
        engine,
        question("stop here", { sampling: { temperature: 0 }, maxTokens: 48, stop: [stop] }),
      );
      expect(stopped.reason).toBe("stop");
      expect(stopped.text).toBe(free.text.slice(0, free.text.indexOf(stop)));
    });

    test("cancelling ends with `cancelled` and keeps what was said", async () => {
      const control = new AbortController();
      const stopAfterThree = (_event: unknown, text: string): void => {
        if (text.length >= 3) control.abort();
      };
      const answer = await collect(engine, question("talk", { maxTokens: 200 }), stopAfterThree, control.signal);
      expect(answer.reason).toBe("cancelled");
      expect(answer.text.length).toBeGreaterThanOrEqual(3);
    });

    test("a request that is cancelled before it begins says only that", async () => {
      const answer = await collect(engine, question("never"), undefined, AbortSignal.abort());
      expect(answer.reason).toBe("cancelled");
      expect(answer.text).toBe("");
    });

    test("leaving the loop is a cancel, and the engine goes on", async () => {
      for await (const event of engine.generate(question("leave", { maxTokens: 200 }), new AbortController().signal)) {
        if (event.type === "delta") break;
      }
      expect((await collect(engine, question("still there?"))).failure).toBeUndefined();
    });

    test("a JSON schema is held", async () => {
      const schema = {
        type: "object",
        properties: {
          name: { type: "string", maxLength: 8 },
          size: { enum: ["small", "large"] },
          count: { type: "integer", minimum: 0, maximum: 9 },
        },
        required: ["name", "size", "count"],
        additionalProperties: false,
      };
      const answer = await collect(
        engine,
        question("fill in", { format: { kind: "json-schema", schema }, maxTokens: 120 }),
      );
      const value = JSON.parse(answer.text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(["name", "size", "count"]);
      expect(["small", "large"]).toContain(String(value.size));
      expect(Number.isInteger(value.count)).toBe(true);
      expect(answer.reason).toBe("stop");
    });

    test("a named tool is called with arguments that fit its schema", async () => {
      const answer = await collect(
        engine,
        question("weather?", { tools: [weather, clock], toolChoice: { name: "get_weather" }, maxTokens: 150 }),
      );
      expect(answer.reason).toBe("tool-calls");
      expect(answer.calls).toHaveLength(1);
      expect(answer.calls[0]?.name).toBe("get_weather");
      const given = JSON.parse(answer.calls[0]?.argumentsJson ?? "") as { city: unknown; days: unknown };
      expect(typeof given.city).toBe("string");
      expect([1, 2, 3]).toContain(Number(given.days));
    });

    test("a required call is one of the tools; with choice none there is none", async () => {
      const forced = await collect(
        engine,
        question("call", { tools: [weather, clock], toolChoice: "required", parallelToolCalls: false, maxTokens: 150 }),
      );
      expect(["get_weather", "get_time"]).toContain(forced.calls[0]?.name ?? "");
      const none = await collect(engine, question("call", { tools: [weather], toolChoice: "none" }));
      expect(none.calls).toHaveLength(0);
    });

    test("wrong requests are `invalid-request`, with the reason", async () => {
      const wrong = [
        question("x", { maxTokens: 0 }),
        question("x", { sampling: { temperature: -1 } }),
        question("x", { toolChoice: { name: "nobody" }, tools: [weather] }),
        question("x", {
          format: {
            kind: "json-schema",
            schema: { type: "object", properties: { a: { type: "string", pattern: "^a" } } },
          },
        }),
        requestOf({ input: { kind: "chat", messages: [] } }),
      ];
      for (const request of wrong) {
        const { failure } = await collect(engine, request);
        expect(failure?.code).toBe("invalid-request");
        expect(failure?.message.length).toBeGreaterThan(5);
      }
    });

    test("a prompt that is longer than the context is refused with the numbers", async () => {
      const { failure } = await collect(engine, question("word ".repeat(6000)));
      expect(failure?.code).toBe("prompt-too-long");
      expect(failure?.message).toMatch(/\d{4}/);
    });

    test("an unknown model is `model-not-found`", async () => {
      const { failure } = await collect(engine, question("x", { model: "no-such-model" }));
      expect(failure?.code).toBe("model-not-found");
    });

    test("a bare text prompt is completed", async () => {
      const answer = await collect(engine, requestOf({ input: { kind: "text", prompt: "Once upon" }, maxTokens: 8 }));
      expect(answer.failure).toBeUndefined();
      expect(answer.usage?.completionTokens).toBe(8);
    });

    test("log probabilities are there when asked for, best first, and never above zero", async () => {
      const { events, failure } = await collect(
        engine,
        question("odds", { topLogprobs: 3, maxTokens: 6, sampling: { temperature: 0 } }),
      );
      expect(failure).toBeUndefined();
      const entries = events.flatMap((event) => (event.type === "delta" ? (event.logprobs ?? []) : []));
      expect(entries.length).toBeGreaterThanOrEqual(5);
      for (const entry of entries) {
        expect(entry.logprob).toBeLessThanOrEqual(1e-4);
        expect(entry.top).toHaveLength(3);
        expect(entry.top[0]?.logprob ?? 0).toBeGreaterThanOrEqual(entry.top[2]?.logprob ?? 1);
        expect(entry.top[0]?.logprob ?? 0).toBeCloseTo(entry.logprob, 4);
      }
    });

    test("many at once all end, each with its own answer", async () => {
      const asked = Array.from({ length: 12 }, (_, index) =>
        collect(engine, question(`number ${index}`, { maxTokens: 16 })),
      );
      for (const answer of await Promise.all(asked)) {
        expect(answer.failure).toBeUndefined();
        expect(answer.usage?.completionTokens).toBe(16);
      }
    });

    test("tells its state, its model and its models", async () => {
      expect(engine.status().state).toBe("ready");
      const model = await engine.defaultModel();
      expect(model.contextTokens).toBeGreaterThan(100);
      expect((await engine.models()).map((entry) => entry.id)).toContain(model.id);
      expect(await engine.countTokens([{ role: "user", content: "how many tokens is this?" }])).toBeGreaterThan(5);
    });

    test("a model that cannot embed says so", async () => {
      const thrown = await engine
        .embed(["text"], undefined, new AbortController().signal)
        .catch((error: unknown) => error);
      expect((thrown as { code?: string }).code).toBe("invalid-request");
    });
  });
}
