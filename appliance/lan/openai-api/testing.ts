// SPDX-License-Identifier: AGPL-3.0-only
import type { Engine, EngineStatus, GenerateEvent, GenerateRequest, ModelInfo } from "../../inference/engine/index.ts";

/** A fake engine that answers with a script and remembers what it was asked. */
export interface ScriptedEngine extends Engine {
  readonly requests: GenerateRequest[];
  /** Signals of the generations, in the order of the requests. */
  readonly signals: AbortSignal[];
  /** How many events were taken out of it. */
  taken(): number;
}

/** What the fake says to a request. */
export type EngineScript = (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<GenerateEvent>;

const model: ModelInfo = {
  id: "tiny",
  contextTokens: 2048,
  isLoaded: true,
  isGuide: false,
  canEmbed: true,
  canCallTools: true,
  createdMs: 1_767_225_600_000,
};

const status: EngineStatus = {
  backend: "builtin",
  state: "ready",
  model: model.id,
  runningSequences: 0,
  queuedRequests: 0,
  maxSequences: 8,
  restarts: 0,
  decodeTokensPerSecond: 0,
  prefillTokensPerSecond: 0,
  memoryBytes: 0,
};

/** Says `words`, one delta a word, and ends. */
export function sayWords(words: readonly string[]): EngineScript {
  return async function* script(request) {
    yield { type: "started", model: request.model ?? model.id, promptTokens: 7, cachedTokens: 3 };
    for (const word of words) yield { type: "delta", text: word };
    const usage = { promptTokens: 7, cachedTokens: 3, completionTokens: words.length };
    yield { type: "end", reason: "stop", usage };
  };
}

/** A {@link ScriptedEngine} with one model, `tiny`. */
export function scriptedEngine(script: EngineScript): ScriptedEngine {
  const requests: GenerateRequest[] = [];
  const signals: AbortSignal[] = [];
  let taken = 0;
  return {
    requests,
    signals,
    taken: () => taken,
    async *generate(request, signal) {
      requests.push(request);
      signals.push(signal);
      for await (const event of script(request, signal)) {
        taken += 1;
        yield event;
      }
    },
    embed: async (texts) => ({
      model: model.id,
      vectors: texts.map((text) => [text.length, 0.5, -0.25]),
      promptTokens: texts.length,
    }),
    countTokens: async (messages) => messages.length,
    models: async () => [model],
    defaultModel: async () => model,
    status: () => status,
  };
}
