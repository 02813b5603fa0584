// SPDX-License-Identifier: AGPL-3.0-only
import { randomInt } from "node:crypto";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { Service } from "../../../../shared/lifecycle/index.ts";
import type { InspectedModel } from "../../model-store/index.ts";
import type { Engine, GenerateEvent, GenerateRequest, ModelInfo } from "../types.ts";
import { checkRequest } from "./check-request.ts";
import { engineStatus, listedInfo, loadedInfo } from "./describe-engine.ts";
import {
  type BuiltinEngineDeps,
  type BuiltinEngineOptions,
  createEngineHub,
  type EngineHub,
  planLoad,
} from "./engine-hub.ts";
import { type TrackedGeneration, trackGeneration } from "./tracked-generation.ts";

/** The built-in engine: llama.cpp in a child process of this very program. */
export interface BuiltinEngine extends Engine, Service {
  /**
   * Chooses a model and loads it; generations that run are failed. When it cannot be loaded, the one before is loaded
   * again and stays chosen.
   * @throws HearthError `model-not-found`, `model-invalid`, `model-too-large` or `model-unavailable`.
   */
  useModel(idOrPath: string): Promise<ModelInfo>;
}

/** The request as it is kept for replays: with a seed, so that its course is fixed. */
function withSeed(request: GenerateRequest): GenerateRequest {
  const seed = request.sampling?.seed ?? randomInt(0, 2 ** 32 - 1);
  return { ...request, sampling: { ...request.sampling, seed } };
}

/** Whether a request for `wanted` is one for the loaded model; `default` is whichever that is. */
function isLoadedModel(loaded: InspectedModel, wanted: string | undefined): boolean {
  return wanted === undefined || wanted === "default" || wanted === loaded.id || wanted === loaded.path;
}

function refusal(hub: EngineHub, request: GenerateRequest): GenerateEvent | undefined {
  const wrong = checkRequest(request);
  if (wrong !== undefined) return { type: "failed", code: "invalid-request", message: wrong };
  if (hub.generations.has(request.id)) {
    return { type: "failed", code: "invalid-request", message: `a generation ${request.id} is running already` };
  }
  if (hub.supervisor.state() === "down") {
    return { type: "failed", code: "engine-unavailable", message: hub.supervisor.problem() ?? "the engine is down" };
  }
  const known = hub.loaded?.model;
  if (known !== undefined && !isLoadedModel(known, request.model)) {
    const message = `the model "${request.model}" is not loaded; "${known.id}" is`;
    return { type: "failed", code: "model-not-found", message };
  }
  const most = (hub.loaded?.facts.sequences ?? 16) + (hub.prepared?.order.maxQueued ?? 64);
  if (hub.generations.size < most) return undefined;
  const retryAfterMs = Math.max(250, Math.round((hub.beat?.decodeStepMs ?? 20) * 64));
  return {
    type: "failed",
    code: "queue-full",
    message: `${hub.generations.size} requests are running or waiting already`,
    retryAfterMs,
  };
}

/** Credit goes back in portions: a message for every token would be more work than the token. */
const creditPortion = 64;

function track(hub: EngineHub, request: GenerateRequest): TrackedGeneration {
  let creditTokens = 0;
  const { observer } = hub;
  return trackGeneration(withSeed(request), {
    monotonicMs: hub.deps.clock.monotonicMs,
    modelName: () => hub.loaded?.model.id ?? "",
    creditBack(tokens) {
      creditTokens += tokens;
      if (creditTokens < creditPortion) return;
      hub.supervisor.send({ type: "credit", id: request.id, tokens: creditTokens });
      creditTokens = 0;
    },
    onFirstToken: (milliseconds) => observer.firstToken(milliseconds),
    onToken: (milliseconds) => observer.interToken(milliseconds),
    onCached: (tokens) => observer.prefixHit(tokens),
  });
}

async function* generate(hub: EngineHub, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
  const refused = refusal(hub, request);
  if (refused !== undefined) {
    hub.observer.ended("failed", 0, 0);
    yield refused;
    return;
  }
  const generation = track(hub, request);
  hub.generations.set(request.id, generation);
  const cancel = (): void => {
    if (!hub.supervisor.send({ type: "cancel", id: request.id })) generation.cancelLocally();
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (signal.aborted) generation.cancelLocally();
    else hub.supervisor.send(generation.order());
    for (let event = await generation.next(); event !== undefined; event = await generation.next()) {
      if (event.type === "end")
        hub.observer.ended(event.reason, event.usage.promptTokens, event.usage.completionTokens);
      if (event.type === "failed") hub.observer.ended("failed", 0, 0);
      yield event;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    if (!generation.isOver) cancel();
    hub.generations.delete(request.id);
  }
}

const readyWaitMs = 10_000;

/** Waits for a child that is just starting; a question need not fail because of a restart. */
async function untilReady(hub: EngineHub, signal?: AbortSignal): Promise<void> {
  const until = hub.deps.clock.monotonicMs() + readyWaitMs;
  while (hub.supervisor.state() !== "ready" && hub.supervisor.state() !== "down") {
    if (hub.deps.clock.monotonicMs() > until || signal?.aborted === true) return;
    await hub.deps.clock.sleep(20, signal);
  }
}

function checkModel(hub: EngineHub, model: string | undefined): void {
  const known = hub.loaded?.model;
  if (known === undefined || isLoadedModel(known, model)) return;
  throw new HearthError({ code: "model-not-found", message: `the model "${model}" is not loaded; "${known.id}" is` });
}

function currentModel(hub: EngineHub): ModelInfo {
  const info = loadedInfo(hub);
  if (info !== undefined) return info;
  const message = hub.supervisor.problem() ?? "no model is loaded yet";
  throw new HearthError({ code: "engine-unavailable", message, remedy: "`hearth doctor` says what is missing." });
}

async function useModel(hub: EngineHub, idOrPath: string): Promise<ModelInfo> {
  const { models } = hub.deps;
  // Whatever can be known before the present model goes is found out before.
  const { model } = await planLoad(hub, idOrPath);
  const previous = hub.modelChoice ?? models.chosenModel();
  for (const generation of hub.generations.values()) {
    generation.fail("model-unavailable", "the model was changed while this was generated");
  }
  hub.modelChoice = model.path;
  await hub.supervisor.reload();
  if (loadedInfo(hub) !== undefined) {
    models.useModel(model.path);
    return currentModel(hub);
  }
  const problem = hub.supervisor.problem() ?? "it could not be loaded";
  hub.modelChoice = previous;
  await hub.supervisor.reload();
  throw new HearthError({
    code: "model-unavailable",
    message: `the model "${model.id}" could not be loaded: ${problem}`,
    remedy: "The model before it is in use again.",
  });
}

/** Makes the built-in engine. It answers after {@link Service.start}; a model that cannot be loaded leaves it `down`. */
export function createBuiltinEngine(deps: BuiltinEngineDeps, options: BuiltinEngineOptions): BuiltinEngine {
  const hub = createEngineHub(deps, options);
  return {
    name: "engine",
    async start(signal) {
      const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await Promise.race([hub.supervisor.start(), aborted]);
      if (signal.aborted) await hub.supervisor.stop();
    },
    async stop() {
      for (const generation of hub.generations.values()) generation.fail("engine-unavailable", "the box is stopping");
      await hub.supervisor.stop();
    },
    health() {
      const state = hub.supervisor.state();
      if (state === "ready") return { status: "ok" };
      const message = hub.supervisor.problem() ?? "the engine is starting";
      return { status: state === "restarting" ? "degraded" : "down", code: `engine-${state}`, message };
    },
    generate: (request, signal) => generate(hub, request, signal),
    async embed(texts, model, signal) {
      await untilReady(hub, signal);
      checkModel(hub, model);
      const answer = await hub.questions.ask((id) => ({ type: "embed", id, texts }), signal);
      const isRight = answer.type === "embedded";
      return {
        model: currentModel(hub).id,
        vectors: isRight ? answer.vectors : [],
        promptTokens: isRight ? answer.promptTokens : 0,
      };
    },
    async countTokens(messages, model) {
      await untilReady(hub);
      checkModel(hub, model);
      const answer = await hub.questions.ask((id) => ({ type: "count", id, messages }));
      return answer.type === "counted" ? answer.tokens : 0;
    },
    models: async () => deps.models.listModels().map((listed) => listedInfo(hub, listed)),
    defaultModel: async () => currentModel(hub),
    status: () => engineStatus(hub),
    useModel: (idOrPath) => useModel(hub, idOrPath),
  };
}
