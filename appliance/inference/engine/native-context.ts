// SPDX-License-Identifier: AGPL-3.0-only
import type { LlamaModel } from "node-llama-cpp";
import { HearthError } from "../../../shared/errors/index.ts";
import {
  type AddonContext,
  type AddonSampler,
  type Bindings,
  bindingsOf,
  type NativeRuntime,
  nativeFailure,
  nativeModelOf,
  type SamplerConfig,
} from "./native-library.ts";

/** Tokens of one sequence for one step; `wantsLogits` asks for the logits of the last one. */
export interface NativeBatchItem {
  readonly sequence: number;
  /** Where the first token goes, counted from the sequence's start. */
  readonly position: number;
  readonly tokens: readonly number[];
  readonly wantsLogits: boolean;
}

/** Log probabilities at one position, straight from the model, before temperature and filters. */
export interface PositionLogprobs {
  readonly chosen: number;
  readonly top: readonly { readonly token: number; readonly logprob: number }[];
}

/** Picks tokens for one generation; holds penalties' history and the grammar's state on the native side. */
export interface NativeSampler {
  configure(config: SamplerConfig): void;
  dispose(): void;
  /** The add-on's own object; only {@link NativeContext} looks inside. */
  readonly handle: unknown;
}

/** A state in a grammar: which texts may follow. */
export interface NativeGrammarState {
  readonly handle: object;
  /** Moves on by one token that was not sampled through the state (a replay). */
  accept(token: number): void;
}

/** One llama.cpp context: a batch, sequences with their KV cells, sampling. */
export interface NativeContext {
  /** Decodes one batch; resolves to a logit row for each item that wants one (−1 otherwise). Rejects when it fails. */
  decode(items: readonly NativeBatchItem[]): Promise<readonly number[]>;
  sample(row: number, sampler: NativeSampler): Promise<number>;
  logprobs(row: number, token: number, top: number): Promise<PositionLogprobs>;
  /** Drops the cells from `length` on. False when this kind of memory cannot (recurrent, sliding window). */
  trim(sequence: number, length: number): boolean;
  clear(sequence: number): void;
  /** Makes `target` a copy of `source`, all of it. @throws when the add-on cannot. */
  copy(source: number, target: number): Promise<void>;
  setThreads(threads: number): void;
  /** The embedding of sequence 0 after a decode of `tokens` tokens. */
  embedding(tokens: number): readonly number[];
  createSampler(): NativeSampler;
  createGrammarState(grammar: string): NativeGrammarState;
  /** Bytes of KV cells and compute buffers. */
  memoryBytes(): number;
  dispose(): Promise<void>;
}

/** How a context is made. */
export interface NativeContextOptions {
  readonly sequences: number;
  /** Tokens each sequence can hold. */
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly threads: number;
  readonly isEmbedding?: boolean;
}

const firstLogit = Uint32Array.of(0);
const noLogits = new Uint32Array(0);

function createGrammarState(bindings: Bindings, model: object, grammar: string): NativeGrammarState {
  let handle: object;
  try {
    const parsed = new bindings.AddonGrammar(grammar, { addonExports: bindings, rootRuleName: "root" });
    handle = new bindings.AddonGrammarEvaluationState(model, parsed);
  } catch (cause) {
    throw new HearthError({
      code: "invalid-request",
      message: "the grammar made from the schema is not accepted",
      cause,
    });
  }
  return { handle, accept: (token) => bindings.AddonSampler.acceptGrammarEvaluationStateToken(handle, token) };
}

/** Raw log probabilities of `token` and the `top` best, by a greedy sampler without filters. */
async function rawLogprobs(
  context: AddonContext,
  plain: AddonSampler,
  row: number,
  token: number,
  top: number,
): Promise<PositionLogprobs> {
  const [, , , logits = [], weight = 1] = await context.sampleToken(
    row,
    plain,
    false,
    true,
    [[token], false, false, false, Math.max(1, top)],
    true,
  );
  const pairs: { token: number; logit: number }[] = [];
  for (let index = 0; index + 1 < logits.length; index += 2) {
    pairs.push({ token: logits[index] ?? 0, logit: logits[index + 1] ?? Number.NEGATIVE_INFINITY });
  }
  const highest = pairs.reduce((best, pair) => Math.max(best, pair.logit), Number.NEGATIVE_INFINITY);
  const toLogprob = (logit: number): number => logit - highest - Math.log(weight);
  const chosen = pairs.find((pair) => pair.token === token)?.logit ?? Number.NEGATIVE_INFINITY;
  return {
    chosen: toLogprob(chosen),
    top: pairs.slice(0, top).map((pair) => ({ token: pair.token, logprob: toLogprob(pair.logit) })),
  };
}

async function decodeItems(context: AddonContext, items: readonly NativeBatchItem[]): Promise<readonly number[]> {
  let size = 0;
  for (const item of items) size += item.tokens.length;
  context.initBatch(size);
  const rows: number[] = [];
  for (const item of items) {
    const last = item.tokens.length - 1;
    const wanted = !item.wantsLogits ? noLogits : last === 0 ? firstLogit : Uint32Array.of(last);
    rows.push(context.addToBatch(item.sequence, item.position, Uint32Array.from(item.tokens), wanted)[0] ?? -1);
  }
  await context.decodeBatch();
  return rows;
}

/**
 * Makes a context on a loaded model. Threads are always given: the default of the add-on is `max(4, cores)`.
 * @throws HearthError `model-unavailable` when llama.cpp cannot make it (memory, mostly).
 */
export async function createNativeContext(
  runtime: NativeRuntime,
  model: LlamaModel,
  options: NativeContextOptions,
): Promise<NativeContext> {
  const bindings = bindingsOf(runtime.llama);
  const nativeModel = nativeModelOf(model);
  const context = new bindings.AddonContext(nativeModel, {
    contextSize: options.contextTokens * options.sequences,
    batchSize: options.batchTokens,
    sequences: options.sequences,
    flashAttention: "auto",
    threads: options.threads,
    ...(options.isEmbedding === true ? { embeddings: true } : {}),
  });
  if (!(await context.init())) {
    throw new HearthError({
      code: "model-unavailable",
      message: `llama.cpp could not make a context of ${options.sequences} × ${options.contextTokens} tokens`,
      remedy: "Free memory, or choose a smaller model or context.",
    });
  }
  const plain = new bindings.AddonSampler(nativeModel);
  plain.applyConfig({});
  const samplerOf = (sampler: NativeSampler): AddonSampler => sampler.handle as AddonSampler;
  return {
    decode: (items) => decodeItems(context, items),
    sample: (row, sampler) => context.sampleToken(row, samplerOf(sampler)),
    logprobs: (row, token, top) => rawLogprobs(context, plain, row, token, top),
    trim: (sequence, length) => context.removeTokenCellsFromSequence(sequence, length, -1),
    clear: (sequence) => context.disposeSequence(sequence),
    async copy(source, target) {
      if (context.copySequenceStateFromOtherSequence === undefined) {
        throw nativeFailure("native-library-broken", "this native library cannot copy sequences");
      }
      await context.copySequenceStateFromOtherSequence(target, source);
    },
    setThreads: (threads) => context.setThreads(threads),
    embedding: (tokens) => Array.from(context.getEmbedding(tokens)),
    createSampler() {
      const sampler = new bindings.AddonSampler(nativeModel);
      return { configure: (config) => sampler.applyConfig(config), dispose: () => sampler.dispose(), handle: sampler };
    },
    createGrammarState: (grammar) => createGrammarState(bindings, nativeModel, grammar),
    memoryBytes: () => context.getMemoryBreakdown().cpuRam + context.getMemoryBreakdown().gpuVram,
    async dispose() {
      plain.dispose();
      await context.dispose();
    },
  };
}
