// SPDX-License-Identifier: AGPL-3.0-only
import { randomInt } from "node:crypto";
import type { Clock } from "../../../../shared/clock/index.ts";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { Service } from "../../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import { createHardwareFile, type HardwareFacts, readHardwareFacts } from "../../hardware/index.ts";
import type { InspectedModel, ListedModel, ModelStore } from "../../model-store/index.ts";
import { type EngineObserver, silentObserver } from "../observer.ts";
import type { Engine, EngineStatus, GenerateEvent, GenerateRequest, ModelInfo } from "../types.ts";
import type { Beat, EngineReport, LoadedFacts } from "../wire/messages.ts";
import { createChildQuestions } from "./ask-child.ts";
import { checkRequest } from "./check-request.ts";
import { type ChildSupervisor, type ChildSupervisorOptions, createChildSupervisor } from "./child-supervisor.ts";
import { type SpawnEngineProcess, spawnEngineProcess } from "./engine-process.ts";
import { type LoadWishes, type PreparedLoad, prepareLoad } from "./prepare-load.ts";
import { createTokenRates, type TokenRates } from "./token-rates.ts";
import { type TrackedGeneration, trackGeneration } from "./tracked-generation.ts";

export interface BuiltinEngineDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly models: ModelStore;
  readonly observer?: EngineObserver;
  /** Absent: starts `selfCommand` with `--role=engine`. */
  readonly spawn?: SpawnEngineProcess;
  /** Absent: looks at this machine. */
  readonly hardware?: () => HardwareFacts;
}

export interface BuiltinEngineOptions {
  /** The command that starts this program, such as `[execPath]`. */
  readonly selfCommand: readonly string[];
  /** Where the native library and all it needs lie; called before each start of the child. */
  readonly nativeDirectory: () => Promise<string>;
  /** Where measurements are kept: `$HEARTH_HOME/hardware.json`. */
  readonly hardwarePath: string;
  /** Model id or path; absent: what the store says is chosen. */
  readonly model?: string;
  readonly wishes?: LoadWishes;
  readonly limits?: Partial<ChildSupervisorOptions>;
}

/** The built-in engine: llama.cpp in a child process of this very program. */
export interface BuiltinEngine extends Engine, Service {
  /**
   * Chooses a model and loads it. Generations that run go on with the new model only if they had not begun.
   * @throws HearthError `model-not-found`, `model-invalid`, `model-too-large`.
   */
  useModel(idOrPath: string): Promise<ModelInfo>;
}

const supervision: ChildSupervisorOptions = {
  silentTicks: 4,
  nativeCallLimitMs: 20_000,
  loadLimitMs: 300_000,
  crashBudget: 6,
  retryDownMs: 30_000,
};

interface Hub {
  readonly deps: BuiltinEngineDeps;
  readonly options: BuiltinEngineOptions;
  readonly generations: Map<string, TrackedGeneration>;
  readonly questions: ReturnType<typeof createChildQuestions>;
  readonly rates: TokenRates;
  readonly observer: EngineObserver;
  supervisor: ChildSupervisor;
  prepared: PreparedLoad | undefined;
  loaded: { readonly model: InspectedModel; readonly facts: LoadedFacts } | undefined;
  beat: Beat | undefined;
  modelChoice: string | undefined;
}

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

function loadedInfo(hub: Hub): ModelInfo | undefined {
  return hub.loaded === undefined ? undefined : modelInfo(hub.loaded.model, hub.loaded.facts.contextTokens, true);
}

function takeReport(hub: Hub, report: EngineReport): void {
  switch (report.type) {
    case "news":
      if (report.step !== undefined) {
        hub.rates.record(report.step.decodeTokens, report.step.prefillTokens);
        hub.observer.step(report.step);
      }
      for (const news of report.news) hub.generations.get(news.id)?.take(news);
      break;
    case "beat":
      hub.beat = report.beat;
      break;
    case "embedded":
    case "counted":
    case "answer-failed":
      hub.questions.take(report);
      break;
    default:
      break;
  }
}

function submitAll(hub: Hub): void {
  for (const generation of hub.generations.values()) {
    if (!generation.isOver) hub.supervisor.send(generation.order());
  }
}

function createHub(deps: BuiltinEngineDeps, options: BuiltinEngineOptions): Hub {
  const { clock } = deps;
  const logger = deps.logger.child("engine");
  const command = [...options.selfCommand, "--role=engine"];
  const hardwareFile = createHardwareFile(options.hardwarePath);
  const prepareDeps = {
    models: deps.models,
    hardwareFile,
    hardware: deps.hardware ?? (() => readHardwareFacts()),
    nativeDirectory: options.nativeDirectory,
  };
  const generations = new Map<string, TrackedGeneration>();
  const supervisor = createChildSupervisor(
    {
      clock,
      logger,
      spawn: deps.spawn ?? ((handlers) => spawnEngineProcess(command, handlers)),
      async prepare() {
        hub.prepared = await prepareLoad(
          prepareDeps,
          hub.modelChoice ?? deps.models.chosenModel(),
          options.wishes ?? {},
        );
        return hub.prepared.order;
      },
      onReady(facts) {
        if (hub.prepared === undefined) return;
        hub.loaded = { model: hub.prepared.model, facts };
        hub.prepared.remember(facts, clock.now());
        logger.info("engine-ready", {
          model: hub.prepared.model.id,
          threads: facts.threads,
          sequences: facts.sequences,
          contextTokens: facts.contextTokens,
          contextBytes: facts.contextBytes,
        });
        submitAll(hub);
      },
      onReport: (report) => takeReport(hub, report),
      onLost() {
        hub.beat = undefined;
        hub.questions.interrupt();
        for (const generation of generations.values()) generation.interrupt();
      },
      onDown(problem) {
        hub.loaded = undefined;
        for (const generation of generations.values()) generation.fail("engine-unavailable", problem);
      },
    },
    { ...supervision, ...options.limits },
  );
  const hub: Hub = {
    deps,
    options,
    generations,
    questions: createChildQuestions((order) => supervisor.send(order)),
    rates: createTokenRates(clock.monotonicMs),
    observer: deps.observer ?? silentObserver,
    supervisor,
    prepared: undefined,
    loaded: undefined,
    beat: undefined,
    modelChoice: options.model,
  };
  return hub;
}

/** The request as it is kept for replays: with a model's name and a seed, so that its course is fixed. */
function fix(hub: Hub, request: GenerateRequest): GenerateRequest {
  const seed = request.sampling?.seed ?? randomInt(0, 2 ** 32 - 1);
  return { ...request, model: hub.loaded?.model.id ?? request.model ?? "", sampling: { ...request.sampling, seed } };
}

function refusal(hub: Hub, request: GenerateRequest): GenerateEvent | undefined {
  const wrong = checkRequest(request);
  if (wrong !== undefined) return { type: "failed", code: "invalid-request", message: wrong };
  if (hub.generations.has(request.id)) {
    return { type: "failed", code: "invalid-request", message: `a generation ${request.id} is running already` };
  }
  if (hub.supervisor.state() === "down") {
    return { type: "failed", code: "engine-unavailable", message: hub.supervisor.problem() ?? "the engine is down" };
  }
  const known = hub.loaded?.model;
  const isOther =
    request.model !== undefined && known !== undefined && request.model !== known.id && request.model !== known.path;
  if (isOther) {
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

function track(hub: Hub, request: GenerateRequest): TrackedGeneration {
  let creditTokens = 0;
  return trackGeneration(
    fix(hub, request),
    hub.deps.clock.monotonicMs,
    (tokens) => {
      creditTokens += tokens;
      if (creditTokens < 64) return;
      hub.supervisor.send({ type: "credit", id: request.id, tokens: creditTokens });
      creditTokens = 0;
    },
    {
      onFirstToken: (milliseconds) => hub.observer.firstToken(milliseconds),
      onToken: (milliseconds) => hub.observer.interToken(milliseconds),
      onCached: (tokens) => hub.observer.prefixHit(tokens),
    },
  );
}

async function* generate(hub: Hub, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
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

function statusOf(hub: Hub): EngineStatus {
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

function listedInfo(hub: Hub, listed: ListedModel): ModelInfo {
  const loaded = loadedInfo(hub);
  if (loaded !== undefined && loaded.path === listed.path) return loaded;
  if (listed.problem === undefined) return modelInfo(listed, listed.facts.trainedContextTokens, false);
  const { id, isGuide, path, sizeBytes } = listed;
  return { id, path, sizeBytes, contextTokens: 0, isLoaded: false, isGuide, canEmbed: false, canCallTools: false };
}

const readyWaitMs = 10_000;

/** Waits for a child that is just starting; a question need not fail because of a restart. */
async function untilReady(hub: Hub, signal?: AbortSignal): Promise<void> {
  const until = hub.deps.clock.monotonicMs() + readyWaitMs;
  while (hub.supervisor.state() !== "ready" && hub.supervisor.state() !== "down") {
    if (hub.deps.clock.monotonicMs() > until || signal?.aborted === true) return;
    await hub.deps.clock.sleep(20, signal);
  }
}

function checkModel(hub: Hub, model: string | undefined): void {
  const known = hub.loaded?.model;
  if (model === undefined || known === undefined || model === known.id || model === known.path) return;
  throw new HearthError({ code: "model-not-found", message: `the model "${model}" is not loaded; "${known.id}" is` });
}

/** Makes the built-in engine. It answers after {@link Service.start}; a model that cannot be loaded leaves it `down`. */
export function createBuiltinEngine(deps: BuiltinEngineDeps, options: BuiltinEngineOptions): BuiltinEngine {
  const hub = createHub(deps, options);
  const defaultModel = (): ModelInfo => {
    const info = loadedInfo(hub);
    if (info !== undefined) return info;
    const message = hub.supervisor.problem() ?? "no model is loaded yet";
    throw new HearthError({ code: "engine-unavailable", message, remedy: "`hearth doctor` says what is missing." });
  };
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
        model: defaultModel().id,
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
    defaultModel: async () => defaultModel(),
    status: () => statusOf(hub),
    async useModel(idOrPath) {
      const model = deps.models.useModel(idOrPath);
      hub.modelChoice = model.path;
      for (const generation of hub.generations.values()) {
        generation.fail("model-unavailable", "the model was changed while this was generated");
      }
      await hub.supervisor.reload();
      return defaultModel();
    },
  };
}
