// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../../shared/errors/index.ts";
import { createNativeContext, type NativeContext } from "../native-context.ts";
import type { LoadedModel } from "./loaded-model.ts";

/** Makes vectors of texts, one after the other, in a context of its own that is made on first use. */
export interface Embedder {
  /** @throws HearthError `invalid-request` when the model cannot embed, `prompt-too-long` when a text does not fit. */
  embed(
    texts: readonly string[],
  ): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly promptTokens: number }>;
  dispose(): Promise<void>;
}

const mostTokens = 2048;

function normalised(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** An embedder for a loaded model. Vectors have length 1. */
export function createEmbedder(loaded: LoadedModel): Embedder {
  const limit = Math.min(mostTokens, loaded.model.trainContextSize);
  let made: Promise<NativeContext> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const embedOne = async (context: NativeContext, tokens: readonly number[]): Promise<readonly number[]> => {
    context.clear(0);
    await context.decode([{ sequence: 0, position: 0, tokens, wantsLogits: true }]);
    return normalised(context.embedding(tokens.length));
  };
  const embed: Embedder["embed"] = async (texts) => {
    const { model } = loaded;
    const { bos, eos, shouldAppendEosToken, shouldPrependBosToken } = model.tokens;
    const all = texts.map((text) => [
      ...(shouldPrependBosToken && bos !== null ? [bos] : []),
      ...model.tokenize(text, false),
      ...(shouldAppendEosToken && eos !== null ? [eos] : []),
    ]);
    for (const [index, tokens] of all.entries()) {
      if (tokens.length === 0) throw new HearthError({ code: "invalid-request", message: `text ${index} is empty` });
      if (tokens.length <= limit) continue;
      const message = `text ${index} has ${tokens.length} tokens; at most ${limit} can be embedded`;
      throw new HearthError({ code: "prompt-too-long", message });
    }
    const { threads } = loaded.facts;
    made ??= createNativeContext(loaded.runtime, model, {
      sequences: 1,
      contextTokens: limit,
      batchTokens: limit,
      threads,
      isEmbedding: true,
    });
    const context = await made;
    const vectors: (readonly number[])[] = [];
    for (const tokens of all) vectors.push(await embedOne(context, tokens));
    return { vectors, promptTokens: all.reduce((sum, tokens) => sum + tokens.length, 0) };
  };
  return {
    embed(texts) {
      if (!loaded.order.canEmbed) {
        const message = `the model ${loaded.id} answers texts; it makes no embeddings`;
        return Promise.reject(new HearthError({ code: "invalid-request", message }));
      }
      // One at a time: they share sequence 0.
      const result = last.then(() => embed(texts));
      last = result.catch(() => undefined);
      return result;
    },
    async dispose() {
      if (made !== undefined) await (await made).dispose();
    },
  };
}
