// SPDX-License-Identifier: AGPL-3.0-only
import { getLlama, LlamaLogLevel, type Token } from "node-llama-cpp";
import type { GuideMessage } from "../guide-prompt.ts";

const CONTEXT_TOKENS = 1024;
const MAX_ANSWER_TOKENS = 200;

/** Answers ChatML messages with the GGUF at a path, one at a time, greedily. */
export type GuideRunner = {
  answer(messages: readonly GuideMessage[]): Promise<string>;
  dispose(): Promise<void>;
};

/** Loads the model on the CPU with one thread; more would make so small a model slower. */
export async function createGuideRunner(modelPath: string): Promise<GuideRunner> {
  const llama = await getLlama({ gpu: false, maxThreads: 1, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: CONTEXT_TOKENS, sequences: 1, threads: 1 });
  const sequence = context.getSequence();
  const special = (name: string): Token[] => [...model.tokenize(name, true)];
  const start = special("<|im_start|>");
  const end = special("<|im_end|>");
  const render = (messages: readonly GuideMessage[]): Token[] => [
    ...messages.flatMap(({ role, content }) => [...start, ...model.tokenize(`${role}\n${content}`), ...end, ...model.tokenize("\n")]),
    ...start,
    ...model.tokenize("assistant\n"),
  ];
  return {
    async answer(messages) {
      await sequence.clearHistory();
      const produced: Token[] = [];
      for await (const token of sequence.evaluate(render(messages), { temperature: 0 })) {
        if (model.isEogToken(token)) break;
        produced.push(token);
        if (produced.length >= MAX_ANSWER_TOKENS) break;
      }
      return model.detokenize(produced).trim();
    },
    async dispose() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}
