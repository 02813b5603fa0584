// SPDX-License-Identifier: AGPL-3.0-only

/*
 * This file and native-context.ts are the only ones that know node-llama-cpp's private binding. Everything they use of it
 * is named in the interfaces below and looked for at start (`features`), so that another add-on version fails here, with a name, or works with less.
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

/** Of the add-on. */
export interface AddonSampler {
  applyConfig(config: SamplerConfig): void;
  dispose(): void;
}

/** `[token, probabilities, confidence, logits (token, logit, token, logit…), sum of exp(logit − highest)]`. */
type DetailedSample = readonly [number, unknown, number | undefined, readonly number[] | undefined, number | undefined];

/** Of the add-on. */
export interface AddonContext {
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

/** Of the add-on. */
export interface Bindings {
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

/** Of the add-on. */
export function bindingsOf(llama: Llama): Bindings {
  return (llama as unknown as { _bindings: Bindings })._bindings;
}

/** Of the add-on. */
export function nativeModelOf(model: LlamaModel): object {
  return (model as unknown as { _model: object })._model;
}

/** An error of the native library, with what to do about it. */
export function nativeFailure(code: string, message: string, cause?: unknown): HearthError {
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
    throw nativeFailure("native-library-broken", `the native library ${bindingPath} could not be loaded`, cause);
  }
  const { AddonContext, AddonSampler, AddonGrammar, AddonGrammarEvaluationState } = holder.exports;
  const missing = needed.filter((name) => typeof AddonContext?.prototype[name] !== "function");
  if (missing.length > 0 || !AddonSampler || !AddonGrammar || !AddonGrammarEvaluationState) {
    throw nativeFailure(
      "native-library-broken",
      `the native library lacks ${missing.join(", ") || "its sampler or grammar"}`,
    );
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
    throw nativeFailure(
      "native-library-broken",
      `the description of the native library in ${nativeDirectory} is unreadable`,
      cause,
    );
  }
  const create = (Llama as PrivateLlama)._create;
  if (create === undefined) throw nativeFailure("native-library-broken", "node-llama-cpp lacks Llama._create");
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
