// SPDX-License-Identifier: AGPL-3.0-only
/**
 * The peer of the decode suite: node-llama-cpp's own batching, driven as its documentation shows, one `evaluate` loop a
 * sequence. `bun node-llama-cpp-batching.ts MODEL STREAMS PROMPT_TOKENS TOKENS THREADS` prints {tokens, seconds}.
 */
import { getLlama, type Token } from "node-llama-cpp";

const [modelPath = "", streamsText, promptText, tokensText, threadsText] = process.argv.slice(2);
const streams = Number(streamsText);
const promptTokens = Number(promptText);
const tokens = Number(tokensText);
const threads = Number(threadsText);

const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logger: () => undefined });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({
  sequences: streams,
  contextSize: promptTokens + tokens + 16,
  batchSize: 512,
  threads,
});
const sequences = Array.from({ length: streams }, () => context.getSequence());
const prompts = sequences.map((_, stream) =>
  Array.from({ length: promptTokens }, (_, index) => (300 + ((stream * 31 + index * 7) % 200)) as Token),
);

async function run(stream: number, count: number): Promise<number> {
  const sequence = sequences[stream];
  if (sequence === undefined) return 0;
  await sequence.clearHistory();
  let made = 0;
  for await (const _ of sequence.evaluate(prompts[stream] ?? [], { temperature: 0 })) {
    made += 1;
    if (made >= count) break;
  }
  return made;
}

async function measure(count: number): Promise<{ tokens: number; seconds: number }> {
  const startedMs = performance.now();
  const made = await Promise.all(sequences.map((_, stream) => run(stream, count)));
  return { tokens: made.reduce((sum, value) => sum + value, 0), seconds: (performance.now() - startedMs) / 1000 };
}

await measure(8);
process.stdout.write(`${JSON.stringify(await measure(tokens))}\n`);
await llama.dispose();
process.exit(0);
