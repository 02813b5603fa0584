// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import { createHardwareFile, type HardwareFacts, type HardwareFile, readHardwareFacts } from "../../hardware/index.ts";
import type { InspectedModel, ModelStore } from "../../model-store/index.ts";
import { type EngineObserver, silentObserver } from "../observer.ts";
import type { Beat, EngineReport, LoadedFacts } from "../wire/messages.ts";
import { type ChildQuestions, createChildQuestions } from "./ask-child.ts";
import {
  type ChildSupervisor,
  type ChildSupervisorDeps,
  type ChildSupervisorOptions,
  createChildSupervisor,
} from "./child-supervisor.ts";
import { type SpawnEngineProcess, spawnEngineProcess } from "./engine-process.ts";
import { type LoadWishes, type PreparedLoad, prepareLoad } from "./prepare-load.ts";
import { createTokenRates, type TokenRates } from "./token-rates.ts";
import type { TrackedGeneration } from "./tracked-generation.ts";

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

const supervision: ChildSupervisorOptions = {
  silentTicks: 4,
  nativeCallLimitMs: 20_000,
  loadLimitMs: 300_000,
  crashBudget: 6,
  retryDownMs: 30_000,
};

/** What the parts of the built-in engine share. */
export interface EngineHub {
  readonly deps: BuiltinEngineDeps;
  readonly options: BuiltinEngineOptions;
  readonly generations: Map<string, TrackedGeneration>;
  readonly questions: ChildQuestions;
  readonly rates: TokenRates;
  readonly observer: EngineObserver;
  readonly supervisor: ChildSupervisor;
  readonly hardwareFile: HardwareFile;
  prepared: PreparedLoad | undefined;
  loaded: { readonly model: InspectedModel; readonly facts: LoadedFacts } | undefined;
  beat: Beat | undefined;
  modelChoice: string | undefined;
}

function takeReport(hub: EngineHub, report: EngineReport): void {
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

function submitAll(hub: EngineHub): void {
  for (const generation of hub.generations.values()) {
    if (!generation.isOver) hub.supervisor.send(generation.order());
  }
}

/** Works out how a model would be loaded; the memory of the present child counts as free, since it goes first. */
export function planLoad(hub: EngineHub, idOrPath: string): Promise<PreparedLoad> {
  const { deps, options } = hub;
  const hardware = (): HardwareFacts => {
    const facts = (deps.hardware ?? readHardwareFacts)();
    return { ...facts, memoryAvailableBytes: facts.memoryAvailableBytes + (hub.beat?.memoryBytes ?? 0) };
  };
  const { hardwareFile } = hub;
  const { nativeDirectory, wishes } = options;
  return prepareLoad({ models: deps.models, hardwareFile, hardware, nativeDirectory }, idOrPath, wishes ?? {});
}

/** What the supervisor of the child tells, carried into the hub. */
function supervisorDeps(
  hub: () => EngineHub,
  deps: BuiltinEngineDeps,
  options: BuiltinEngineOptions,
): ChildSupervisorDeps {
  const logger = deps.logger.child("engine");
  const command = [...options.selfCommand, "--role=engine"];
  return {
    clock: deps.clock,
    logger,
    spawn: deps.spawn ?? ((handlers) => spawnEngineProcess(command, handlers)),
    async prepare() {
      const prepared = await planLoad(hub(), hub().modelChoice ?? deps.models.chosenModel());
      hub().prepared = prepared;
      return prepared.order;
    },
    onReady(facts) {
      const { prepared } = hub();
      if (prepared === undefined) return;
      hub().loaded = { model: prepared.model, facts };
      prepared.remember(facts, deps.clock.now());
      const { contextBytes, contextTokens, sequences, threads } = facts;
      logger.info("engine-ready", { model: prepared.model.id, threads, sequences, contextTokens, contextBytes });
      submitAll(hub());
    },
    onReport: (report) => takeReport(hub(), report),
    onLost() {
      hub().beat = undefined;
      hub().questions.interrupt();
      for (const generation of hub().generations.values()) generation.interrupt();
    },
    onDown(problem) {
      hub().loaded = undefined;
      for (const generation of hub().generations.values()) generation.fail("engine-unavailable", problem);
    },
  };
}

/** A hub with a supervisor that has not started anything yet. */
export function createEngineHub(deps: BuiltinEngineDeps, options: BuiltinEngineOptions): EngineHub {
  const limits = { ...supervision, ...options.limits };
  const supervisor = createChildSupervisor(
    supervisorDeps(() => hub, deps, options),
    limits,
  );
  const hub: EngineHub = {
    deps,
    options,
    supervisor,
    hardwareFile: createHardwareFile(options.hardwarePath),
    generations: new Map(),
    questions: createChildQuestions((order) => supervisor.send(order)),
    rates: createTokenRates(deps.clock.monotonicMs),
    observer: deps.observer ?? silentObserver,
    prepared: undefined,
    loaded: undefined,
    beat: undefined,
    modelChoice: options.model,
  };
  return hub;
}
