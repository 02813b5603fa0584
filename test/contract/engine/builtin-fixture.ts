// SPDX-License-Identifier: AGPL-3.0-only
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type BuiltinEngine,
  type BuiltinEngineOptions,
  createBuiltinEngine,
  type EngineObserver,
} from "../../../appliance/inference/engine/index.ts";
import { createModelStore } from "../../../appliance/inference/model-store/index.ts";
import { resolveNativeRuntime } from "../../../appliance/inference/native-runtime/index.ts";
import { systemClock } from "../../../shared/clock/index.ts";
import { silentLogger } from "../../../shared/logging/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { type GgufOptions, ggufShapes, makeGguf } from "../../fixtures/gguf/make-gguf.ts";

/** A real built-in engine with a generated model, in a folder of its own. */
export interface BuiltinFixture extends AsyncDisposable {
  readonly engine: BuiltinEngine;
  readonly modelPath: string;
  readonly home: string;
  stop(): Promise<void>;
}

/** Settings that a test may change. */
export interface BuiltinFixtureOptions {
  readonly gguf?: GgufOptions;
  readonly wishes?: BuiltinEngineOptions["wishes"];
  readonly limits?: BuiltinEngineOptions["limits"];
  readonly observer?: EngineObserver;
}

/** Ends no answer by itself: the end tokens of the tokenizer are never chosen by this many tokens of random weights. */
const quiet: GgufOptions = { shape: ggufShapes.tiny, seed: 3 };

/** Starts the engine child for real; one thread, so that a busy machine does not slow it down. */
export async function startBuiltinEngine(options: BuiltinFixtureOptions = {}): Promise<BuiltinFixture> {
  const directory = temporaryDirectory();
  const models = join(directory.path, "models");
  mkdirSync(models);
  const modelPath = join(models, "made.gguf");
  makeGguf(modelPath, options.gguf ?? quiet);
  const engine = createBuiltinEngine(
    {
      clock: systemClock,
      logger: silentLogger,
      models: createModelStore({ directory: models }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
    },
    {
      selfCommand: [process.execPath, join(import.meta.dirname, "engine-child.ts")],
      nativeDirectory: async () =>
        (await resolveNativeRuntime({ home: directory.path, logger: silentLogger })).directory,
      hardwarePath: join(directory.path, "hardware.json"),
      model: "made",
      wishes: { threads: 1, sequences: 4, contextTokens: 1024, ...options.wishes },
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    },
  );
  await engine.start(new AbortController().signal);
  const stop = async (): Promise<void> => {
    await engine.stop();
    directory[Symbol.dispose]();
  };
  return { engine, modelPath, home: directory.path, stop, [Symbol.asyncDispose]: stop };
}
