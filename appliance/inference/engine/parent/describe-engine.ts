// SPDX-License-Identifier: AGPL-3.0-only
import type { InspectedModel, ListedModel } from "../../model-store/index.ts";
import type { EngineStatus, ModelInfo } from "../types.ts";
import type { EngineHub } from "./engine-hub.ts";

function modelInfo(model: InspectedModel, contextTokens: number, isLoaded: boolean): ModelInfo {
  const { facts } = model;
  return {
    id: model.id,
    path: model.path,
    architecture: facts.architecture,
    parameterCount: facts.parameterCount,
    sizeBytes: model.sizeBytes,
    quantization: facts.quantization,
    contextTokens,
    isLoaded,
    isGuide: model.isGuide,
    canEmbed: facts.canEmbed,
    canCallTools: !model.isGuide && facts.hasChatTemplate,
    ...(facts.licence === undefined ? {} : { licence: facts.licence }),
    createdMs: model.createdMs,
  };
}

/** The loaded model; undefined when there is none. */
export function loadedInfo(hub: EngineHub): ModelInfo | undefined {
  return hub.loaded === undefined ? undefined : modelInfo(hub.loaded.model, hub.loaded.facts.contextTokens, true);
}

/** How the engine is, from what the child last said. */
export function engineStatus(hub: EngineHub): EngineStatus {
  const { beat, loaded, supervisor } = hub;
  const perSecond = hub.rates.perSecond();
  const problem = supervisor.problem();
  const processId = supervisor.processId();
  return {
    backend: "builtin",
    state: supervisor.state(),
    ...(problem === undefined ? {} : { problem }),
    ...(loaded === undefined ? {} : { model: loaded.model.id, threads: loaded.facts.threads }),
    runningSequences: beat?.runningSequences ?? 0,
    queuedRequests: beat?.queuedRequests ?? 0,
    maxSequences: loaded?.facts.sequences ?? 0,
    restarts: supervisor.restarts(),
    decodeTokensPerSecond: perSecond.decode,
    prefillTokensPerSecond: perSecond.prefill,
    memoryBytes: beat?.memoryBytes ?? 0,
    ...(processId === undefined ? {} : { processId }),
  };
}

/** A model of the store as the API shows it. */
export function listedInfo(hub: EngineHub, listed: ListedModel): ModelInfo {
  const loaded = loadedInfo(hub);
  if (loaded !== undefined && loaded.path === listed.path) return loaded;
  if (listed.problem === undefined) return modelInfo(listed, listed.facts.trainedContextTokens, false);
  const { id, isGuide, path } = listed;
  const sizeBytes = listed.sizeBytes ?? 0;
  return { id, path, sizeBytes, contextTokens: 0, isLoaded: false, isGuide, canEmbed: false, canCallTools: false };
}
