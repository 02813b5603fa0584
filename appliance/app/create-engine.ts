// SPDX-License-Identifier: AGPL-3.0-only
import { systemClock } from "../../shared/clock/index.ts";
import type { Service } from "../../shared/lifecycle/index.ts";
import type { Logger } from "../../shared/logging/index.ts";
import { createOpenAiEngine } from "../inference/backends/index.ts";
import { type BuiltinEngine, createBuiltinEngine, type Engine } from "../inference/engine/index.ts";
import type { ModelStore } from "../inference/model-store/index.ts";
import { resolveNativeRuntime } from "../inference/native-runtime/index.ts";
import type { AppConfig } from "./config.ts";
import type { DataFolder } from "./data-folder.ts";
import { selfCommand } from "./self-command.ts";

/** The engine that the configuration asks for; `builtin` is set when it is the box's own. */
export interface ChosenEngine {
  readonly engine: Engine & Service;
  readonly builtin: BuiltinEngine | undefined;
}

/** Makes the engine of a running box. */
export function createEngine(
  config: AppConfig,
  folder: DataFolder,
  models: ModelStore,
  logger: Logger,
  countEgress: (purpose: string, bytes: number) => void,
): ChosenEngine {
  if (config.backend.kind === "openai") {
    const { baseUrl, apiKey } = config.backend;
    const engine = createOpenAiEngine(
      {
        clock: systemClock,
        logger: logger.child("engine"),
        fetch(url, init) {
          if (typeof init?.body === "string") countEgress("model-backend", Buffer.byteLength(init.body));
          return fetch(url, init);
        },
      },
      {
        baseUrl,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(config.model === undefined ? {} : { model: config.model }),
      },
    );
    return { engine, builtin: undefined };
  }
  const builtin = createBuiltinEngine(
    { clock: systemClock, logger, models },
    {
      selfCommand: selfCommand(),
      nativeDirectory: async () =>
        (await resolveNativeRuntime({ home: folder.home, logger: logger.child("native") })).directory,
      hardwarePath: folder.hardwareFile,
      ...(config.model === undefined ? {} : { model: config.model }),
    },
  );
  return { engine: builtin, builtin };
}
