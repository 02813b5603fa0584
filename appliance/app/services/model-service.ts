// SPDX-License-Identifier: AGPL-3.0-only
import { basename } from "node:path";
import { HearthError } from "../../../shared/errors/index.ts";
import type { Audit } from "../../gateway/audit/index.ts";
import type { BuiltinEngine, Engine } from "../../inference/engine/index.ts";
import { readHardwareFacts } from "../../inference/hardware/index.ts";
import {
  estimateMemory,
  type InspectedModel,
  type ListedModel,
  type ModelStore,
  planContext,
} from "../../inference/model-store/index.ts";
import type { ApiServices, Model, ModelInspection } from "../../lan/http-api/index.ts";

/** What the model service works on. */
export interface ModelServiceDeps {
  readonly store: ModelStore;
  /** The built-in engine of a running box; undefined on a data folder. */
  readonly builtin: BuiltinEngine | undefined;
  readonly engine: Engine;
  readonly audit: Pick<Audit, "append">;
}

/** The models of the box as the box API shows and changes them. */
export function createModelService({ store, builtin, engine, audit }: ModelServiceDeps): ApiServices["models"] {
  const describe = (model: ListedModel | InspectedModel): Model => {
    const loaded = engine.status().model;
    const isChosen = chosenId(store) === model.id;
    const base = {
      id: model.id,
      path: model.path,
      isGuide: model.isGuide,
      isLoaded: loaded === model.id,
      isDefault: isChosen,
      ...(model.sizeBytes === undefined ? {} : { sizeBytes: model.sizeBytes }),
    };
    if (!("facts" in model)) {
      return { ...base, contextTokens: 0, canEmbed: false, canCallTools: false, problem: model.problem };
    }
    const { facts } = model;
    return {
      ...base,
      architecture: facts.architecture,
      parameterCount: facts.parameterCount,
      quantization: facts.quantization,
      contextTokens: facts.trainedContextTokens,
      canEmbed: facts.canEmbed,
      canCallTools: !model.isGuide && facts.hasChatTemplate,
      ...(facts.licence === undefined ? {} : { licence: facts.licence }),
      createdMs: model.createdMs,
    };
  };
  return {
    async list() {
      if (builtin !== undefined || engine.status().backend === "builtin") return store.listModels().map(describe);
      const loaded = engine.status().model;
      return (await engine.models()).map((model) => ({ ...model, isDefault: model.id === loaded }));
    },
    async use(name, actor) {
      if (engine.status().backend === "openai") {
        throw new HearthError({
          code: "model-fixed-by-backend",
          message: "the box answers with the server that HEARTH_BACKEND names, which chooses its own model",
          remedy: "Unset HEARTH_BACKEND to use models of this box.",
        });
      }
      const model = store.inspectModel(name);
      audit.append({ actor, action: "model-chosen", target: model.id });
      await builtin?.useModel(name);
      return describe(store.useModel(name));
    },
    inspect: (name) => inspection(store.inspectModel(name)),
    remove(id, actor) {
      audit.append({ actor, action: "model-removing", target: id });
      store.removeModel(id, engine.status().model);
    },
  };
}

function chosenId(store: ModelStore): string {
  return basename(store.chosenModel()).replace(/\.gguf$/i, "");
}

function inspection(model: InspectedModel): ModelInspection {
  const { facts } = model;
  const hardware = readHardwareFacts();
  const memory = { totalBytes: hardware.memoryTotalBytes, availableBytes: hardware.memoryAvailableBytes };
  const problems: string[] = [];
  let plan: ReturnType<typeof planContext> | undefined;
  try {
    plan = planContext(facts, memory, { isGuide: model.isGuide });
  } catch (thrown) {
    // Not fitting is the answer here, with its numbers; loading is what refuses.
    problems.push(thrown instanceof HearthError ? thrown.message : String(thrown));
  }
  const smallest = plan?.estimate ?? estimateMemory(facts, { sequences: 1, contextTokens: 1024, batchTokens: 512 });
  return {
    id: model.id,
    path: model.path,
    architecture: facts.architecture,
    ...(facts.name === undefined ? {} : { name: facts.name }),
    parameterCount: facts.parameterCount,
    sizeBytes: model.sizeBytes,
    quantization: facts.quantization,
    trainedContextTokens: facts.trainedContextTokens,
    layers: facts.layers,
    hasChatTemplate: facts.hasChatTemplate,
    canEmbed: facts.canEmbed,
    canCallTools: !model.isGuide && facts.hasChatTemplate,
    ...(facts.licence === undefined ? {} : { licence: facts.licence }),
    memory: {
      weightsBytes: smallest.weightBytes,
      contextBytes: smallest.kvBytes,
      neededBytes: smallest.totalBytes,
      availableBytes: memory.availableBytes,
      contextTokens: plan?.contextTokens ?? 1024,
      fits: plan !== undefined,
    },
    problems,
  };
}
