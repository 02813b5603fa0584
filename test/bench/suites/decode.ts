// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type BuiltinEngine, createBuiltinEngine } from "../../../appliance/inference/engine/index.ts";
import { createModelStore } from "../../../appliance/inference/model-store/index.ts";
import { resolveNativeRuntime } from "../../../appliance/inference/native-runtime/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { ggufShapes, makeGguf } from "../../fixtures/gguf/make-gguf.ts";
import { type BenchRow, benchRow } from "../harness/report.ts";
import { median } from "../harness/statistics.ts";

const threads = 1;
const promptTokens = 16;

interface Rate {
  readonly tokens: number;
  readonly seconds: number;
}

/** Aggregate decoding of many streams on the same generated model: Hearth's engine child against node-llama-cpp's own batching. */
export async function decodeSuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  using directory = temporaryDirectory();
  const models = join(directory.path, "models");
  mkdirSync(models);
  const modelPath = join(models, "made.gguf");
  makeGguf(modelPath, { shape: ggufShapes.small95Mb, seed: 3 });
  const rows: BenchRow[] = [];
  for (const streams of isQuick ? [1, 16] : [1, 4, 8, 16]) {
    const ours: number[] = [];
    const theirs: number[] = [];
    const engine = await startEngine(directory.path, models, streams);
    try {
      const tokens = isQuick ? 48 : 96;
      await measureOurs(engine, streams, 8);
      for (let run = 0; run < (isQuick ? 3 : 5); run += 1) {
        const own = await measureOurs(engine, streams, tokens);
        ours.push(own.tokens / own.seconds);
        const peer = await measurePeer(modelPath, streams, tokens);
        theirs.push(peer.tokens / peer.seconds);
      }
    } finally {
      await engine.stop();
    }
    const reach = streams === 16 ? ({ of: "ratio", bound: ">=", than: 1.5 } as const) : null;
    rows.push(
      benchRow(
        `${streams} streams, aggregate decode, 95 MB model, ${threads} thread`,
        median(ours),
        "tokens/s",
        reach,
        { name: "node-llama-cpp batching", value: median(theirs) },
      ),
    );
  }
  return rows;
}

async function startEngine(home: string, models: string, sequences: number): Promise<BuiltinEngine> {
  const child = join(import.meta.dir, "..", "..", "contract", "engine", "engine-child.ts");
  if (!existsSync(child)) throw new Error(`${child} is missing`);
  const engine = createBuiltinEngine(
    { clock: systemClock, logger: silentLogger, models: createModelStore({ directory: models }) },
    {
      selfCommand: [process.execPath, child],
      nativeDirectory: async () => (await resolveNativeRuntime({ home, logger: silentLogger })).directory,
      hardwarePath: join(home, "hardware.json"),
      model: "made",
      wishes: { threads, sequences, contextTokens: 256 },
    },
  );
  await engine.start(new AbortController().signal);
  return engine;
}

/** All streams at once, from the first request to the last token; the short prompts are read in the same time. */
async function measureOurs(engine: BuiltinEngine, streams: number, tokens: number): Promise<Rate> {
  const run = async (stream: number): Promise<number> => {
    const prompt = Array.from({ length: promptTokens }, (_, index) => 300 + ((stream * 31 + index * 7) % 200));
    const request = {
      id: crypto.randomUUID(),
      tenant: `t${stream}`,
      priority: "interactive",
      input: { kind: "text", prompt },
      sampling: { temperature: 0 },
      maxTokens: tokens,
    } as const;
    for await (const event of engine.generate(request, new AbortController().signal)) {
      if (event.type === "end") return event.usage.completionTokens;
      if (event.type === "failed") throw new Error(event.message);
    }
    throw new Error("a stream ended without its last event");
  };
  const startedMs = performance.now();
  const made = await Promise.all(Array.from({ length: streams }, (_, stream) => run(stream)));
  return { tokens: made.reduce((sum, value) => sum + value, 0), seconds: (performance.now() - startedMs) / 1000 };
}

async function measurePeer(modelPath: string, streams: number, tokens: number): Promise<Rate> {
  const script = join(import.meta.dir, "..", "peers", "node-llama-cpp-batching.ts");
  const run = Bun.spawn(
    [process.execPath, script, modelPath, String(streams), String(promptTokens), String(tokens), String(threads)],
    { stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  );
  const [output, exitCode] = await Promise.all([new Response(run.stdout).text(), run.exited]);
  if (exitCode !== 0) throw new Error(`the peer ended with ${exitCode}`);
  return JSON.parse(output) as Rate;
}
