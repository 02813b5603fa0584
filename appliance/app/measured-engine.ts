// SPDX-License-Identifier: AGPL-3.0-only
import type { Engine } from "../inference/engine/index.ts";
import type { Metrics } from "../ops/metrics/index.ts";

/** The same engine, each generation of which is measured on its way. */
export function measuredEngine(engine: Engine, metrics: Pick<Metrics, "observeGeneration">): Engine {
  return {
    generate: (request, signal) => metrics.observeGeneration(engine.generate(request, signal)),
    embed: (texts, model, signal) => engine.embed(texts, model, signal),
    countTokens: (messages, model) => engine.countTokens(messages, model),
    models: () => engine.models(),
    defaultModel: () => engine.defaultModel(),
    status: () => engine.status(),
  };
}
