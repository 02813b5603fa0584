// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { copyFileSync, existsSync, renameSync, truncateSync } from "node:fs";
import type { GenerateEvent } from "../../appliance/inference/engine/index.ts";
import { type BuiltinFixture, startBuiltinEngine } from "../contract/engine/builtin-fixture.ts";
import { collect, question } from "../contract/engine/collect-generation.ts";
import { ggufShapes, makeGguf } from "../fixtures/gguf/make-gguf.ts";

/** A model slow enough to be killed in the middle of an answer. */
const slow = {
  shape: { ...ggufShapes.tiny, layers: 24, embedding: 256, heads: 8, kvHeads: 4, feedForward: 768 },
  seed: 5,
};

/**
 * As slow, and its answer depends on the last token alone. Cells that a replay computes in another batch differ in the
 * last bit, which may tip a model whose choices are all but equal; here exactness shows bit by bit.
 */
const exact = {
  shape: { ...ggufShapes.scripted, layers: 12, feedForward: 1280 },
  chain: (token: number) => (token * 7 + 11) % 541,
};

/** Does `act` once, as soon as an answer has said `characters`. */
function onceSaid(characters: number, act: () => void): (event: GenerateEvent, text: string) => void {
  let isDone = false;
  return (_event, text) => {
    if (isDone || text.length < characters) return;
    isDone = true;
    act();
  };
}

function kill(fixture: BuiltinFixture, signal: NodeJS.Signals): void {
  process.kill(fixture.engine.status().processId ?? 0, signal);
}

describe("engine child killed in the middle of an answer", () => {
  for (const temperature of [0, 4]) {
    test(`goes on in less than three seconds as if nothing had happened (temperature ${temperature})`, async () => {
      await using fixture = await startBuiltinEngine({ gguf: exact });
      const ask = () => question("tell me a long story", { maxTokens: 120, sampling: { temperature, seed: 11 } });
      const whole = await collect(fixture.engine, ask());
      const broken = await collect(
        fixture.engine,
        ask(),
        onceSaid(60, () => kill(fixture, "SIGKILL")),
      );
      expect(broken.text).toBe(whole.text);
      expect(broken.reason).toBe("length");
      expect(broken.usage?.completionTokens).toBe(120);
      const resumed = broken.events.find((event) => event.type === "resumed");
      expect(resumed?.afterMs ?? Number.POSITIVE_INFINITY).toBeLessThan(3000);
      expect(fixture.engine.status().restarts).toBe(1);
    }, 30_000);
  }

  test("several answers at once all go on, and none says anything twice", async () => {
    await using fixture = await startBuiltinEngine({ gguf: slow });
    const ask = (index: number) =>
      question(`story ${index}`, { maxTokens: 60, sampling: { temperature: 0.8, seed: index } });
    const whole: string[] = [];
    for (let index = 0; index < 6; index++) whole.push((await collect(fixture.engine, ask(index))).text);
    let isKilled = false;
    const killOnce = (): void => {
      if (isKilled) return;
      isKilled = true;
      kill(fixture, "SIGKILL");
    };
    const answers = await Promise.all(
      whole.map((_, index) => collect(fixture.engine, ask(index), onceSaid(30, killOnce))),
    );
    expect(answers.map((answer) => answer.reason)).toEqual(whole.map(() => "length"));
    // Batched arithmetic differs in the last bit, so a token may differ; nothing may be said twice or left out.
    for (const answer of answers) expect(answer.usage?.completionTokens).toBe(60);
    expect(answers.some((answer) => answer.resumed === 1)).toBe(true);
  }, 60_000);

  test("a tool call and a schema survive it too", async () => {
    await using fixture = await startBuiltinEngine({ gguf: exact });
    const schema = {
      type: "object",
      properties: { text: { type: "string", minLength: 60, maxLength: 80 } },
      required: ["text"],
    };
    const ask = () =>
      question("fill", {
        format: { kind: "json-schema", schema },
        maxTokens: 300,
        sampling: { temperature: 4, seed: 4 },
      });
    const whole = await collect(fixture.engine, ask());
    const broken = await collect(
      fixture.engine,
      ask(),
      onceSaid(20, () => kill(fixture, "SIGKILL")),
    );
    expect(broken.resumed).toBe(1);
    expect(broken.text).toBe(whole.text);
    expect(JSON.parse(broken.text)).toHaveProperty("text");
  }, 30_000);

  test("a request during which it dies again and again is failed, and the engine lives", async () => {
    await using fixture = await startBuiltinEngine({ gguf: slow });
    const answer = await collect(fixture.engine, question("poison", { maxTokens: 400 }), (event) => {
      if (event.type === "started" || event.type === "resumed") kill(fixture, "SIGKILL");
    });
    expect(answer.failure?.code).toBe("decode-failed");
    expect((await collect(fixture.engine, question("still there?", { maxTokens: 4 }))).reason).toBe("length");
  }, 30_000);
});

describe("engine child that hangs", () => {
  test("is killed and started again, and the answer goes on", async () => {
    await using fixture = await startBuiltinEngine({ gguf: exact, limits: { silentTicks: 1 } });
    const ask = () => question("hang", { maxTokens: 60, sampling: { temperature: 0 } });
    const whole = await collect(fixture.engine, ask());
    const broken = await collect(
      fixture.engine,
      ask(),
      onceSaid(20, () => kill(fixture, "SIGSTOP")),
    );
    expect(broken.resumed).toBe(1);
    expect(broken.text).toBe(whole.text);
  }, 30_000);
});

describe("a model that cannot be loaded", () => {
  test("leaves a clear state and refuses requests; it is used when it is back", async () => {
    await using fixture = await startBuiltinEngine({ limits: { retryDownMs: 300 } });
    renameSync(fixture.modelPath, `${fixture.modelPath}.gone`);
    kill(fixture, "SIGKILL");
    for (let tries = 0; tries < 100 && fixture.engine.status().state !== "down"; tries++) await Bun.sleep(50);
    expect(fixture.engine.status().problem).toContain("made");
    expect((await collect(fixture.engine, question("x"))).failure?.code).toBe("engine-unavailable");
    expect(fixture.engine.health()).toMatchObject({ status: "down", code: "engine-down" });
    renameSync(`${fixture.modelPath}.gone`, fixture.modelPath);
    for (let tries = 0; tries < 100 && fixture.engine.status().state !== "ready"; tries++) await Bun.sleep(50);
    expect((await collect(fixture.engine, question("x", { maxTokens: 3 }))).reason).toBe("length");
  }, 30_000);

  test("a truncated file is refused before the child sees it", async () => {
    await using fixture = await startBuiltinEngine();
    const broken = fixture.modelPath.replace("made", "broken");
    copyFileSync(fixture.modelPath, broken);
    truncateSync(broken, 300_000);
    const thrown = await fixture.engine.useModel("broken").catch((error: unknown) => error);
    expect((thrown as { code?: string }).code).toBe("model-invalid");
    expect((await collect(fixture.engine, question("x", { maxTokens: 3 }))).reason).toBe("length");
  }, 30_000);
});

test("the child ends when its parent does", async () => {
  const fixture = await startBuiltinEngine();
  const processId = fixture.engine.status().processId ?? 0;
  await fixture.stop();
  expect(existsSync(`/proc/${processId}`)).toBe(false);
});

test("a model that only llama.cpp itself can refuse leaves a clear state", async () => {
  const lie = { "tokenizer.ggml.eos_token_id": { type: "u32", value: 4_000_000 } } as const;
  await using fixture = await startBuiltinEngine({
    gguf: { metadata: { ...lie, "llama.attention.head_count_kv": { type: "u32", value: 3 } } },
  });
  expect(fixture.engine.status().state).toBe("down");
  expect(fixture.engine.status().problem?.length ?? 0).toBeGreaterThan(10);
  expect((await collect(fixture.engine, question("x"))).failure?.code).toBe("engine-unavailable");
}, 60_000);

describe("changing the model", () => {
  test("loads the other one, keeps the choice, and lists both", async () => {
    await using fixture = await startBuiltinEngine();
    makeGguf(fixture.modelPath.replace("made", "second"), { seed: 9 });
    expect((await fixture.engine.useModel("second")).id).toBe("second");
    expect(fixture.engine.status()).toMatchObject({ state: "ready", model: "second" });
    expect((await collect(fixture.engine, question("x", { model: "second", maxTokens: 3 }))).reason).toBe("length");
    const models = await fixture.engine.models();
    expect(models.map((model) => [model.id, model.isLoaded])).toEqual([
      ["made", false],
      ["second", true],
    ]);
  }, 30_000);

  test("one that only llama.cpp itself refuses is reported, and the one before answers again", async () => {
    await using fixture = await startBuiltinEngine();
    const lie = { "llama.attention.head_count_kv": { type: "u32", value: 3 } } as const;
    makeGguf(fixture.modelPath.replace("made", "liar"), { metadata: lie });
    const thrown = await fixture.engine.useModel("liar").catch((error: unknown) => error);
    expect((thrown as { code?: string }).code).toBe("model-unavailable");
    expect(fixture.engine.status()).toMatchObject({ state: "ready", model: "made" });
    expect((await collect(fixture.engine, question("x", { maxTokens: 3 }))).reason).toBe("length");
  }, 30_000);

  test("one that does not fit is refused before anything is unloaded", async () => {
    await using fixture = await startBuiltinEngine({ wishes: { threads: 1, sequences: 4, contextTokens: 1024 } });
    const { processId } = fixture.engine.status();
    makeGguf(fixture.modelPath.replace("made", "greedy"), {
      metadata: {
        "llama.attention.key_length": { type: "u32", value: 65_536 },
        "llama.block_count": { type: "u32", value: 4000 },
      },
    });
    const thrown = await fixture.engine.useModel("greedy").catch((error: unknown) => error);
    expect((thrown as { code?: string }).code).toBe("model-too-large");
    expect(fixture.engine.status()).toMatchObject({
      state: "ready",
      model: "made",
      ...(processId === undefined ? {} : { processId }),
    });
  }, 30_000);
});
