// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../shared/errors/index.ts";
import type { Engine, EngineStatus } from "../inference/engine/index.ts";

/** The engine of a box that is not running: commands on the data folder can ask about it, and nothing answers. */
export function createAbsentEngine(): Engine {
  const refuse = (): HearthError =>
    new HearthError({
      code: "appliance-not-running",
      message: "the appliance is not running",
      remedy: "Start it with `hearth up`.",
    });
  const status: EngineStatus = {
    backend: "builtin",
    state: "down",
    problem: "the appliance is not running",
    runningSequences: 0,
    queuedRequests: 0,
    maxSequences: 0,
    restarts: 0,
    decodeTokensPerSecond: 0,
    prefillTokensPerSecond: 0,
    memoryBytes: 0,
  };
  return {
    async *generate() {
      yield { type: "failed", code: "engine-unavailable", message: refuse().message };
    },
    embed: () => Promise.reject(refuse()),
    countTokens: () => Promise.reject(refuse()),
    models: async () => [],
    defaultModel: () => Promise.reject(refuse()),
    status: () => status,
  };
}
