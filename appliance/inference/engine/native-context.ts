// SPDX-License-Identifier: AGPL-3.0-only

/*
 * The only file that knows node-llama-cpp's private binding. Everything it uses of it is named in the interfaces below
 * and looked for at start (`features`), so that another add-on version fails here, with a name, or works with less.
 *
 * The add-on is loaded with `process.dlopen` from a directory that holds it and all its libraries (they find each
 * other through $ORIGIN), and `Llama` is made with `Llama._create`: no version check, no fork test, no GPU probing at
 * someone else's discretion. Development and the compiled binary take the same path.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Llama, LlamaLogLevel, type LlamaModel } from "node-llama-cpp";
import { z } from "zod";
import { HearthError } from "../../../shared/errors/index.ts";

/** What a sampler is told before it picks a token. Absent fields switch that part off. */
export interface SamplerConfig {
  temperature?: number;
  minP?: number;
  topK?: number;
  topP?: number;
  seed?: number;
  repeatPenalty?: number;
  repeatPenaltyMaxTokens?: number;
  repeatPenaltyTokens?: Uint32Array;
  repeatPenaltyPresencePenalty?: number;
  repeatPenaltyFrequencyPenalty?: number;
  grammarEvaluationState?: object;
  tokenBiasKeys?: Uint32Array;
  tokenBiasValues?: Float32Array;
}

interface AddonSampler {
  applyConfig(config: SamplerConfig): void;
  dispose(): void;
}

/** `[token, probabilities, confidence, logits (token, logit, token, logit…), sum of exp(logit − highest)]`. */
type DetailedSample = readonly [number, unknown, number | undefined, readonly number[] | undefined, number | undefined];

interface AddonContext {
  init(): Promise<boolean>;
  dispose(): Promise<void>;
  initBatch(size: number): void;
  addToBatch(sequence: number, position: number, tokens: Uint32Array, logitIndexes: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(row: number, sampler: AddonSampler): Promise<number>;
  sampleToken(
    row: number,
    sampler: AddonSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: readonly [readonly number[], boolean, boolean, boolean, number],
    totalWeight: boolean,
  ): Promise<DetailedSample>;
  removeTokenCellsFromSequence(sequence: number, from: number, to: number): boolean;
  disposeSequence(sequence: number): void;
  getEmbedding(inputTokens: number): Float64Array;
  getMemoryBreakdown(): { readonly cpuRam: number; readonly gpuVram: number };
  setThreads(threads: number): void;
  copySequenceStateFromOtherSequence?(target: number, source: number): Promise<number>;
  saveSequenceStateToFile?(path: string, sequence: number, tokens: Uint32Array): Promise<number>;
  loadSequenceStateFromFile?(path: string, sequence: number, maxTokens: number): Promise<Uint32Array>;
  shiftSequenceTokenCells?(sequence: number, from: number, to: number, delta: number): void;
  setLoras?(loras: readonly object[], scales: readonly number[]): void;
}

interface Bindings {
  readonly AddonContext: { new (model: object, parameters: object): AddonContext; readonly prototype: AddonContext };
  readonly AddonSampler: {
    new (model: object): AddonSampler;
    acceptGrammarEvaluationStateToken(state: object, token: number): void;
  };
  readonly AddonGrammar: new (grammar: string, options: { addonExports: object; rootRuleName: string }) => object;
  readonly AddonGrammarEvaluationState: new (model: object, grammar: object) => object;
}

/** What the loaded add-on can do beyond the minimum. */
export interface NativeFeatures {
  readonly canCopySequences: boolean;
  readonly canSaveSequences: boolean;
  readonly canShift: boolean;
  readonly canSetLoras: boolean;
}

const needed = [
  "init",
  "initBatch",
  "addToBatch",
  "decodeBatch",
  "sampleToken",
  "removeTokenCellsFromSequence",
  "disposeSequence",
  "setThreads",
  "getEmbedding",
  "getMemoryBreakdown",
  "dispose",
] as const;

const metadataSchema = z.object({
  buildOptions: z.looseObject({
    gpu: z.union([z.string(), z.literal(false)]),
    llamaCpp: z.object({ repo: z.string(), release: z.string() }),
  }),
});

/** The loaded native library. One a process. */
export interface NativeRuntime {
  readonly llama: Llama;
  readonly features: NativeFeatures;
  readonly gpu: string | false;
  readonly llamaCppRelease: string;
}

interface CreateOptions {
  bindings: object;
  bindingPath: string;
  buildType: "prebuilt";
  buildMetadata: unknown;
  logLevel: LlamaLogLevel;
  logger: (level: LlamaLogLevel, message: string) => void;
  maxThreads: number;
  vramPadding: number;
  ramPadding: number;
  skipLlamaInit: boolean;
  debug: boolean;
  numa: false;
  tempDir: false;
}

type PrivateLlama = typeof Llama & { _create?(options: CreateOptions): Promise<Llama> };

function bindingsOf(llama: Llama): Bindings {
  return (llama as unknown as { _bindings: Bindings })._bindings;
}

function nativeModelOf(model: LlamaModel): object {
  return (model as unknown as { _model: object })._model;
}

function failed(code: string, message: string, cause?: unknown): HearthError {
  return new HearthError({
    code,
    message,
    remedy: "Reinstall Hearth, or run `hearth doctor` to see which native library it found.",
    cause,
  });
}

function loadAddon(bindingPath: string): Bindings {
  const holder: { exports: Partial<Bindings> } = { exports: {} };
  try {
    process.dlopen(holder, bindingPath);
  } catch (cause) {
    throw failed("native-library-broken", `the native library ${bindingPath} could not be loaded`, cause);
  }
  const { AddonContext, AddonSampler, AddonGrammar, AddonGrammarEvaluationState } = holder.exports;
  const missing = needed.filter((name) => typeof AddonContext?.prototype[name] !== "function");
  if (missing.length > 0 || !AddonSampler || !AddonGrammar || !AddonGrammarEvaluationState) {
    throw failed("native-library-broken", `the native library lacks ${missing.join(", ") || "its sampler or grammar"}`);
  }
  return holder.exports as Bindings;
}

/**
 * Loads the add-on from `nativeDirectory`. `logger` gets llama.cpp's own lines (they never hold prompt text).
 * @throws HearthError `native-library-broken` when it is missing, does not load or lacks a needed method.
 */
export async function loadNativeRuntime(
  nativeDirectory: string,
  logger: (level: string, line: string) => void,
): Promise<NativeRuntime> {
  const bindingPath = join(nativeDirectory, "llama-addon.node");
  const bindings = loadAddon(bindingPath);
  let buildMetadata: z.infer<typeof metadataSchema>;
  try {
    buildMetadata = metadataSchema.parse(
      JSON.parse(readFileSync(join(nativeDirectory, "_nlcBuildMetadata.json"), "utf8")),
    );
  } catch (cause) {
    throw failed(
      "native-library-broken",
      `the description of the native library in ${nativeDirectory} is unreadable`,
      cause,
    );
  }
  const create = (Llama as PrivateLlama)._create;
  if (create === undefined) throw failed("native-library-broken", "node-llama-cpp lacks Llama._create");
  const llama = await create.call(Llama, {
    bindings,
    bindingPath,
    buildType: "prebuilt",
    buildMetadata,
    logLevel: LlamaLogLevel.warn,
    logger: (level, message) => logger(level, message.trimEnd()),
    maxThreads: 1,
    vramPadding: 0,
    ramPadding: 0,
    skipLlamaInit: false,
    debug: false,
    numa: false,
    tempDir: false,
  });
  const prototype = bindings.AddonContext.prototype;
  const has = (name: keyof AddonContext): boolean => typeof prototype[name] === "function";
  return {
    llama,
    features: {
      canCopySequences: has("copySequenceStateFromOtherSequence"),
      canSaveSequences: has("saveSequenceStateToFile") && has("loadSequenceStateFromFile"),
      canShift: has("shiftSequenceTokenCells"),
      canSetLoras: has("setLoras"),
    },
    gpu: llama.gpu,
    llamaCppRelease: buildMetadata.buildOptions.llamaCpp.release,
  };
}

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
        throw failed("native-library-broken", "this native library cannot copy sequences");
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
