// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { GenerateEvent, GenerateRequest } from "../types.ts";
import { checkRequest } from "./check-request.ts";
import { createTokenRates } from "./token-rates.ts";
import { trackGeneration } from "./tracked-generation.ts";

const request: GenerateRequest = {
  id: "g",
  tenant: "t",
  priority: "interactive",
  input: { kind: "text", prompt: "x" },
};

function track() {
  let nowMs = 0;
  let credit = 0;
  const generation = trackGeneration(request, {
    monotonicMs: () => nowMs,
    modelName: () => "m",
    creditBack: (tokens) => {
      credit += tokens;
    },
    onFirstToken: () => undefined,
    onToken: () => undefined,
    onCached: () => undefined,
  });
  const read = async (): Promise<GenerateEvent[]> => {
    const events: GenerateEvent[] = [];
    for (let event = await generation.next(); event !== undefined; event = await generation.next()) events.push(event);
    return events;
  };
  return {
    generation,
    read,
    credit: () => credit,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

const usage = { promptTokens: 3, cachedTokens: 0, completionTokens: 0 };

describe("a generation over several children", () => {
  test("wherever a child dies, and however the next one cuts the text, it is said once and whole", async () => {
    const pieces = fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(12), fc.nat(20), async (texts, diesAfter, recut) => {
        const { generation, read } = track();
        generation.take({ id: "g", type: "started", promptTokens: 3, cachedTokens: 0 });
        const said = texts.slice(0, diesAfter);
        said.forEach((text, index) => void generation.take({ id: "g", type: "tokens", tokens: [index], text }));
        generation.interrupt();
        const again = generation.order();
        expect(again).toMatchObject({ type: "generate", replay: said.map((_, index) => index) });
        // The new child says everything from the start, cut in other places.
        const whole = texts.join("");
        const head = Math.min(recut, whole.length);
        generation.take({ id: "g", type: "tokens", tokens: [], text: whole.slice(0, head) });
        generation.take({ id: "g", type: "started", promptTokens: 3, cachedTokens: 0 });
        generation.take({
          id: "g",
          type: "tokens",
          tokens: texts.slice(said.length).map((_, index) => index),
          text: whole.slice(head),
        });
        generation.take({ id: "g", type: "end", reason: "stop", usage });
        const events = await read();
        expect(events.map((event) => (event.type === "delta" ? event.text : "")).join("")).toBe(whole);
        expect(events.filter((event) => event.type === "started")).toHaveLength(1);
        expect(events.filter((event) => event.type === "resumed")).toHaveLength(1);
      }),
    );
  });

  test("a tool call that was told is not told again", async () => {
    const { generation, read } = track();
    const call = { id: "c", name: "f", argumentsJson: "{}" };
    generation.take({ id: "g", type: "tool-call", index: 0, call });
    generation.interrupt();
    generation.take({ id: "g", type: "tool-call", index: 0, call });
    generation.take({ id: "g", type: "tool-call", index: 1, call: { ...call, id: "d" } });
    generation.take({ id: "g", type: "end", reason: "tool-calls", usage });
    expect((await read()).filter((event) => event.type === "tool-call").map((event) => event.index)).toEqual([0, 1]);
  });

  test("says how long the interruption was", async () => {
    const { generation, read, wait } = track();
    generation.take({ id: "g", type: "started", promptTokens: 3, cachedTokens: 0 });
    generation.interrupt();
    wait(1234);
    generation.take({ id: "g", type: "started", promptTokens: 3, cachedTokens: 3 });
    generation.cancelLocally();
    expect(await read()).toContainEqual({ type: "resumed", afterMs: 1234 });
  });

  test("fails after the third child that died of it; one that only waited is not to blame", async () => {
    const { generation, read } = track();
    for (let death = 0; death < 5; death++) generation.interrupt();
    expect(generation.isOver).toBe(false);
    for (let death = 0; death < 3; death++) {
      generation.take({ id: "g", type: "started", promptTokens: 3, cachedTokens: 0 });
      generation.interrupt();
    }
    expect((await read()).at(-1)).toMatchObject({ type: "failed", code: "decode-failed" });
  });

  test("gives credit back for what was read, and for tokens without text at once", async () => {
    const { credit, generation, read } = track();
    generation.take({ id: "g", type: "tokens", tokens: [1, 2], text: "" });
    expect(credit()).toBe(2);
    generation.take({ id: "g", type: "tokens", tokens: [3], text: "a" });
    generation.take({ id: "g", type: "tokens", tokens: [4, 5], text: "b" });
    expect(credit()).toBe(2);
    generation.take({ id: "g", type: "end", reason: "stop", usage });
    const events = await read();
    expect(credit()).toBe(5);
    expect(events[0]).toEqual({ type: "delta", text: "ab" });
  });
});

describe("requests that are wrong", () => {
  const table: readonly (readonly [Partial<GenerateRequest>, RegExp])[] = [
    [{ maxTokens: 1.5 }, /maxTokens/],
    [{ stop: [""] }, /stop texts/],
    [{ stop: Array(17).fill("a") }, /16 stop/],
    [{ sampling: { temperature: Number.NaN } }, /temperature/],
    [{ sampling: { topP: 2 } }, /topP/],
    [{ sampling: { logitBias: { 5: 101 } } }, /-100 and 100/],
    [{ sampling: { seed: 0.5 } }, /seed/],
    [{ topLogprobs: 21 }, /topLogprobs/],
    [{ input: { kind: "chat", messages: [] } }, /no messages/],
    [{ input: { kind: "chat", messages: [{ role: "user", content: "x" }] }, tools: [{ name: "a b" }] }, /tool names/],
    [
      { input: { kind: "chat", messages: [{ role: "user", content: "x" }] }, tools: [{ name: "a" }, { name: "a" }] },
      /same name/,
    ],
  ];
  for (const [wrong, reason] of table) {
    test(`${JSON.stringify(wrong).slice(0, 60)} is refused`, () =>
      expect(checkRequest({ ...request, ...wrong })).toMatch(reason));
  }

  test("a plain one is not", () => expect(checkRequest(request)).toBeUndefined());
});

test("token rates are those of the last ten seconds", () => {
  let nowMs = 100_000;
  const rates = createTokenRates(() => nowMs);
  for (let second = 0; second < 5; second++) {
    rates.record(20, 40);
    nowMs += 1000;
  }
  expect(rates.perSecond()).toEqual({ decode: 10, prefill: 20 });
  nowMs += 60_000;
  expect(rates.perSecond()).toEqual({ decode: 0, prefill: 0 });
});
