// SPDX-License-Identifier: AGPL-3.0-only
import { type ChatWrapper, chatWrappers, type LlamaModel, resolveChatWrapper } from "node-llama-cpp";
import { toHearthError } from "../../../../shared/errors/index.ts";
import { createNativeContext, type NativeContext } from "../native-context.ts";
import { loadNativeRuntime, type NativeRuntime } from "../native-library.ts";
import type { Vocabulary } from "../text/token-text.ts";
import type { LoadedFacts, LoadOrder } from "../wire/messages.ts";
import { measureThreads } from "./measure-threads.ts";

/** A model in memory, with everything that generations share. */
export interface LoadedModel {
  readonly id: string;
  readonly runtime: NativeRuntime;
  readonly model: LlamaModel;
  readonly context: NativeContext;
  readonly wrapper: ChatWrapper;
  readonly vocabulary: Vocabulary;
  readonly facts: LoadedFacts;
  readonly order: LoadOrder;
}

/** A tokenizer's answers do not change: each token's kind is asked for once. */
export function createVocabulary(model: LlamaModel): Vocabulary {
  const kinds = new Map<number, boolean>();
  const asTokens = (tokens: readonly number[]): Parameters<LlamaModel["detokenize"]>[0] =>
    tokens as Parameters<LlamaModel["detokenize"]>[0];
  return {
    tokenize: (text, parseSpecial) => model.tokenize(text, parseSpecial),
    detokenize: (tokens, withSpecial) => model.detokenize(asTokens(tokens), withSpecial),
    isControl(token) {
      const known = kinds.get(token);
      if (known !== undefined) return known;
      const [typed] = asTokens([token]);
      const isControl = typed !== undefined && (model.getTokenAttributes(typed).control || model.isEogToken(typed));
      kinds.set(token, isControl);
      return isControl;
    },
    isEndOfGeneration(token) {
      const [typed] = asTokens([token]);
      return model.isEogToken(typed);
    },
  };
}

/** Resolving compares rendered templates and takes a few hundred milliseconds: a known name skips it. */
function wrapperOf(model: LlamaModel, name: string | undefined): ChatWrapper {
  const isPlain = name !== undefined && name in chatWrappers && name !== "template" && name !== "jinjaTemplate";
  const type = Object.keys(chatWrappers).find((key) => key === name) as keyof typeof chatWrappers | undefined;
  return resolveChatWrapper(model, { warningLogs: false, ...(isPlain && type !== undefined ? { type } : {}) });
}

/** The name under which {@link wrapperOf} finds the same wrapper again; empty for templates that have to be rendered. */
function nameOf(wrapper: ChatWrapper): string {
  const found = Object.entries(chatWrappers).find(([, Wrapper]) => wrapper.constructor === Wrapper);
  return found === undefined || found[0] === "template" || found[0] === "jinjaTemplate" ? "" : found[0];
}

/**
 * Loads the library, the model and a context, in that order.
 * @throws HearthError `native-library-broken` or `model-unavailable`.
 */
export async function loadModel(
  order: LoadOrder,
  logNative: (level: string, line: string) => void,
): Promise<LoadedModel> {
  const runtime = await loadNativeRuntime(order.nativeDirectory, logNative);
  let model: LlamaModel;
  try {
    model = await runtime.llama.loadModel({
      modelPath: order.modelPath,
      ignoreMemorySafetyChecks: true,
      ...(runtime.gpu === false ? { gpuLayers: 0 } : {}),
    });
  } catch (cause) {
    throw toHearthError(cause, "model-unavailable");
  }
  // With a sliding window llama.cpp needs room for one token more than a batch.
  const batchTokens = order.batchTokens + (order.canTrim ? 0 : 1);
  const context = await createNativeContext(runtime, model, { ...order, batchTokens, threads: order.threads ?? 1 });
  const measured =
    order.threads === undefined
      ? await measureThreads(context, order.threadCandidates, order.sequences)
      : { threads: order.threads, rates: undefined };
  context.setThreads(measured.threads);
  const wrapper = wrapperOf(model, order.chatWrapper);
  // Reading the file leaves garbage worth a tenth of the process.
  Bun.gc(true);
  const vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  return {
    id: order.modelId,
    runtime,
    model,
    context,
    wrapper,
    vocabulary: createVocabulary(model),
    order,
    facts: {
      threads: measured.threads,
      ...(measured.rates === undefined ? {} : { threadRates: measured.rates }),
      chatWrapper: nameOf(wrapper),
      contextTokens: order.contextTokens,
      sequences: order.sequences,
      vocabularySize,
      contextBytes: context.memoryBytes(),
      gpu: runtime.gpu,
      canCopySequences: runtime.features.canCopySequences,
    },
  };
}
