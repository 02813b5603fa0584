// SPDX-License-Identifier: AGPL-3.0-only
/**
 * The whole of a fresh box's answer, with the real engine child and the real guide model: question, knowledge, prompt,
 * generation, reading. Asked is the evaluation set that nothing was calibrated on.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { createPassageIndex, handbookPassages, type Language } from "../../appliance/agent/knowledge/index.ts";
import { createAgentBench, settle } from "../../appliance/agent/turns/testing.ts";
import { type BuiltinEngine, createBuiltinEngine } from "../../appliance/inference/engine/index.ts";
import { GUIDE_UNKNOWN } from "../../appliance/inference/guide-model/index.ts";
import { createModelStore } from "../../appliance/inference/model-store/index.ts";
import { resolveNativeRuntime } from "../../appliance/inference/native-runtime/index.ts";
import { systemClock } from "../../shared/clock/index.ts";
import { parseJson } from "../../shared/json/index.ts";
import { silentLogger } from "../../shared/logging/index.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";

const root = join(import.meta.dir, "../..");
const guideFolder = join(root, "appliance/inference/guide-model");
const never = new AbortController().signal;
const schema = z.object({
  entries: z.array(z.object({ heading: z.string(), text: z.string() })).default([]),
  questions: z.array(z.object({ question: z.string(), expected: z.array(z.string()).default([]) })),
});
const read = (name: string) => {
  const path = join(guideFolder, "evaluation/second", `${name}.json`);
  return parseJson(readFileSync(path, "utf8"), schema, name);
};
const languages: readonly Language[] = ["en", "zh"];
const unknowns: readonly string[] = Object.values(GUIDE_UNKNOWN);
const directory = temporaryDirectory();
let engine: BuiltinEngine | undefined;

beforeAll(async () => {
  const models = join(directory.path, "models");
  mkdirSync(models);
  engine = createBuiltinEngine(
    {
      clock: systemClock,
      logger: silentLogger,
      models: createModelStore({ directory: models, guidePath: join(guideFolder, "guide.gguf") }),
    },
    {
      selfCommand: [process.execPath, join(root, "test/contract/engine/engine-child.ts")],
      nativeDirectory: async () =>
        (await resolveNativeRuntime({ home: directory.path, logger: silentLogger })).directory,
      hardwarePath: join(directory.path, "hardware.json"),
      wishes: { threads: 1 },
    },
  );
  await engine.start(never);
}, 60_000);
afterAll(async () => {
  await engine?.stop();
  directory[Symbol.dispose]();
});

function running(): BuiltinEngine {
  if (engine === undefined) throw new Error("the engine did not start");
  return engine;
}

/** Asks each question in a conversation of its own; the share of answers that `isRight` accepts. */
async function share(
  faq: readonly { heading: string; text: string }[],
  questions: readonly { question: string; expected: string[] }[],
  isRight: (reply: string, texts: readonly string[]) => boolean,
): Promise<number> {
  const uploaded = faq.map((entry, number) => ({
    ...entry,
    id: `faq/${number}`,
    language: "en" as const,
    source: "faq",
    title: "FAQ",
  }));
  const passages = [...handbookPassages(), ...uploaded];
  using knowledge = createPassageIndex(passages);
  using bench = createAgentBench(knowledge);
  const agent = bench.newAgent({ engine: running() });
  let right = 0;
  for (const [number, { question, expected }] of questions.entries()) {
    const request = bench.request(question, { conversation: String(number) });
    const { reply } = await settle(agent.startTurn(request, never));
    const texts = passages.filter(({ heading }) => expected.includes(heading)).map(({ text }) => text);
    right += isRight(reply, texts) ? 1 : 0;
  }
  return right / questions.length;
}

describe("a fresh box with the guide model", () => {
  test("says what it is asked out of the handbook, in both languages", async () => {
    using knowledge = createPassageIndex(handbookPassages());
    using bench = createAgentBench(knowledge);
    const agent = bench.newAgent({ engine: running() });
    const ask = async (text: string) => (await settle(agent.startTurn(bench.request(text), never))).reply;
    expect(await ask("Which port does Hearth use?")).toContain("7411");
    expect(await ask("Hearth 用哪个端口？")).toContain("7411");
    expect(unknowns).toContain(await ask("Who won the world cup in 1998?"));
  }, 30_000);

  test("reaches its three figures on questions it never saw", async () => {
    const isOutOf = (reply: string, texts: readonly string[]): boolean =>
      reply.length > 3 && texts.some((text) => text.includes(reply));
    for (const language of languages) {
      const faq = read(`unseen-faq.${language}`);
      const handbook = await share([], read(`handbook.${language}`).questions, isOutOf);
      expect(handbook).toBeGreaterThanOrEqual(0.8);
      const ownDocuments = await share(faq.entries, faq.questions, isOutOf);
      expect(ownDocuments).toBeGreaterThanOrEqual(0.8);
      const strange = read(`off-subject.${language}`).questions;
      const refused = await share(faq.entries, strange, (reply) => unknowns.includes(reply));
      expect(refused).toBeGreaterThanOrEqual(0.9);
    }
  }, 120_000);
});
