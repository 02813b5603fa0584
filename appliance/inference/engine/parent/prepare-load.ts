// SPDX-License-Identifier: AGPL-3.0-only
import { type HardwareFacts, type HardwareFile, measurementKey, threadCandidates } from "../../hardware/index.ts";
import { type InspectedModel, type ModelStore, planContext } from "../../model-store/index.ts";
import type { LoadedFacts, LoadOrder } from "../wire/messages.ts";

/** What the operator may fix; the rest is planned or measured. */
export interface LoadWishes {
  readonly sequences?: number;
  readonly contextTokens?: number;
  readonly threads?: number;
  readonly maxQueued?: number;
  readonly maxWaitMs?: number;
}

export interface PrepareLoadDeps {
  readonly models: ModelStore;
  readonly hardwareFile: HardwareFile;
  readonly hardware: () => HardwareFacts;
  readonly nativeDirectory: () => Promise<string>;
}

/** A load order, with what is needed to remember what it found out. */
export interface PreparedLoad {
  readonly order: LoadOrder;
  readonly model: InspectedModel;
  /** Keeps thread count and chat wrapper for the next start. */
  remember(facts: LoadedFacts, nowMs: number): void;
}

const creditTokens = 256;

/**
 * Inspects the model, plans its memory, and looks up what was measured before.
 * @throws HearthError `model-not-found`, `model-invalid`, `model-too-large` or one of the native library.
 */
export async function prepareLoad(deps: PrepareLoadDeps, idOrPath: string, wishes: LoadWishes): Promise<PreparedLoad> {
  const nativeDirectory = await deps.nativeDirectory();
  const model = deps.models.inspectModel(idOrPath);
  const hardware = deps.hardware();
  const memory = { totalBytes: hardware.memoryTotalBytes, availableBytes: hardware.memoryAvailableBytes };
  const plan = planContext(model.facts, memory, { ...wishes, isGuide: model.isGuide });
  const { architecture, layers } = model.facts;
  const key = measurementKey(hardware, { sizeBytes: model.sizeBytes, architecture, layers }, nativeDirectory);
  const known = deps.hardwareFile.get(key);
  const threads = wishes.threads ?? known?.threads;
  // The guide's template is ChatML; resolving it anew would be half of the time it takes to start.
  const chatWrapper = known?.chatWrapper ?? (model.isGuide ? "chatML" : undefined);
  const order: LoadOrder = {
    nativeDirectory,
    modelPath: model.path,
    modelId: model.id,
    sequences: plan.sequences,
    contextTokens: plan.contextTokens,
    batchTokens: plan.batchTokens,
    ...(threads === undefined ? {} : { threads }),
    threadCandidates: threadCandidates(hardware),
    ...(chatWrapper ? { chatWrapper } : {}),
    canEmbed: model.facts.canEmbed,
    canTrim: model.facts.canTrim,
    defaultTemperature: model.isGuide ? 0 : 0.7,
    maxQueued: wishes.maxQueued ?? Math.max(32, plan.sequences * 4),
    maxWaitMs: wishes.maxWaitMs ?? 120_000,
    creditTokens,
  };
  return {
    order,
    model,
    remember(facts, nowMs) {
      if (known !== undefined && known.chatWrapper !== undefined) return;
      const rates = facts.threadRates ?? known?.threadRates;
      deps.hardwareFile.set(key, {
        threads: facts.threads,
        ...(rates === undefined ? {} : { threadRates: rates }),
        chatWrapper: facts.chatWrapper,
        measuredMs: nowMs,
      });
    },
  };
}
