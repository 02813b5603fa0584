// SPDX-License-Identifier: AGPL-3.0-only
import { type Clock, systemClock } from "../../shared/clock/index.ts";
import type { StepObserver } from "../../shared/lifecycle/index.ts";
import type { Logger } from "../../shared/logging/index.ts";
import { createKnowledge, type Knowledge } from "../agent/knowledge/index.ts";
import { type Agent, createAgent } from "../agent/turns/index.ts";
import type { Engine } from "../inference/engine/index.ts";
import { createModelStore, type ModelStore } from "../inference/model-store/index.ts";
import { resolveBundledFile } from "../inference/native-runtime/index.ts";
import type { Metrics } from "../ops/metrics/index.ts";
import { createAbsentEngine } from "./absent-engine.ts";
import type { AppConfig } from "./config.ts";
import { createStepObserver } from "./crash-step.ts";
import { type ChosenEngine, createEngine } from "./create-engine.ts";
import { measuredAgent } from "./measured-agent.ts";
import { measuredEngine } from "./measured-engine.ts";
import type { OpenData } from "./open-data.ts";

/** What every part of the box is given. */
export interface ComposeBase {
  readonly config: AppConfig;
  readonly data: OpenData;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** False: for a command on the data folder of a box that is not running. */
  readonly isServing: boolean;
}

/** The parts that answer: models, engine, knowledge, agent. */
export interface AnsweringParts {
  readonly models: ModelStore;
  readonly chosen: Omit<ChosenEngine, "engine"> & { readonly engine: Engine };
  /** `chosen.engine`, measured. */
  readonly engine: Engine;
  readonly knowledge: Knowledge;
  readonly agent: Agent;
  readonly reached: StepObserver;
}

/** Puts together what answers. */
export async function composeAnswering({
  config,
  data,
  logger,
  metrics,
  isServing,
}: ComposeBase): Promise<AnsweringParts> {
  const { folder, storage, vault } = data;
  const clock: Clock = systemClock;
  const guidePath = await resolveBundledFile("guide.gguf", { home: folder.home, logger: logger.child("native") });
  const models = createModelStore({ directory: folder.models, guidePath });
  const chosen = isServing
    ? createEngine(config, folder, models, logger, (purpose, bytes) => metrics.countEgress(purpose, bytes))
    : { engine: createAbsentEngine(), builtin: undefined };
  const reached = createStepObserver(config.crashAt, () => chosen.engine.status().processId);
  const engine = measuredEngine(chosen.engine, metrics);
  const knowledge = createKnowledge(
    { storage, vault, clock, logger: logger.child("knowledge") },
    { dataFolder: folder.home },
  );
  const agent = createAgent({ storage, vault, engine, knowledge, clock, logger: logger.child("agent"), reached });
  return { models, chosen, engine, knowledge, agent: measuredAgent(agent, metrics), reached };
}
