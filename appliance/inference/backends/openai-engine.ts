// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Service } from "../../../shared/lifecycle/index.ts";
import {
  checkRequest,
  type Engine,
  type GenerateEvent,
  type GenerateRequest,
  type ModelInfo,
  silentObserver,
} from "../engine/index.ts";
import { embeddingsSchema } from "./openai-wire.ts";
import { withDeadline } from "./request-deadline.ts";
import {
  callServer,
  connectServer,
  modelOf,
  type OpenAiEngineDeps,
  type OpenAiEngineOptions,
  refreshModels,
  type ServerConnection,
} from "./server-connection.ts";
import { streamAnswer } from "./stream-answer.ts";

function refusal(connection: ServerConnection, request: GenerateRequest): GenerateEvent | undefined {
  const wrong = checkRequest(request);
  if (wrong !== undefined) return { type: "failed", code: "invalid-request", message: wrong };
  if (connection.models.length > 0 && modelOf(connection, request.model) === undefined) {
    return { type: "failed", code: "model-not-found", message: `the model server does not offer "${request.model}"` };
  }
  if (connection.inFlight < connection.options.maxInFlight) return undefined;
  return {
    type: "failed",
    code: "queue-full",
    message: `${connection.inFlight} requests are at the model server already`,
    retryAfterMs: 1000,
  };
}

async function* generate(
  connection: ServerConnection,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const refused = refusal(connection, request);
  if (refused !== undefined) {
    yield refused;
    return;
  }
  if (signal.aborted) {
    yield { type: "end", reason: "cancelled", usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 } };
    return;
  }
  const deadline = withDeadline(connection.clock, request, signal);
  const beganMs = connection.clock.monotonicMs();
  let lastMs: number | undefined;
  connection.inFlight++;
  try {
    for await (const event of streamAnswer(connection, request, deadline.signal)) {
      const isLate = event.type === "end" && event.reason === "cancelled" && deadline.isLate() && !signal.aborted;
      if (event.type === "delta") {
        const now = connection.clock.monotonicMs();
        if (lastMs === undefined) connection.observer.firstToken(now - beganMs);
        else connection.observer.interToken(now - lastMs);
        lastMs = now;
      }
      if (event.type === "end")
        connection.observer.ended(event.reason, event.usage.promptTokens, event.usage.completionTokens);
      if (event.type === "failed") {
        connection.observer.ended("failed", 0, 0);
        // It may have gone: ask again, so that the state says so.
        if (event.code === "engine-unavailable") void connectServer(connection, new AbortController().signal);
      }
      yield isLate
        ? { type: "failed", code: "deadline-exceeded", message: "the deadline passed while generating" }
        : event;
    }
  } finally {
    connection.inFlight--;
    deadline.done();
  }
}

function defaultModel(connection: ServerConnection): ModelInfo {
  const id = modelOf(connection, undefined);
  const found = connection.models.find((model) => model.id === id);
  if (found !== undefined) return found;
  const message = connection.problem ?? `the model server does not offer "${id ?? "any model"}"`;
  throw new HearthError({
    code: "engine-unavailable",
    message,
    remedy: "Check HEARTH_BACKEND and that the server runs.",
  });
}

/** Bytes of UTF-8 a token usually takes, on the careful side, for servers that cannot be asked. */
const bytesPerToken = 3;
const tokensPerMessage = 6;

function createConnection(deps: OpenAiEngineDeps, options: OpenAiEngineOptions): ServerConnection {
  return {
    clock: deps.clock,
    logger: deps.logger.child("engine"),
    observer: deps.observer ?? silentObserver,
    fetch: deps.fetch ?? ((url, init) => fetch(url, init)),
    options: {
      contextTokens: 8192,
      idleLimitMs: 120_000,
      maxInFlight: 128,
      retryMs: 5000,
      ...options,
      baseUrl: options.baseUrl.replace(/\/+$/, ""),
    },
    models: [],
    state: "starting",
    problem: undefined,
    inFlight: 0,
    retry: undefined,
    isStopped: false,
  };
}

/** Makes an engine out of an OpenAI-compatible server: TensorRT-LLM, vLLM, llama-server, Ollama or another. */
export function createOpenAiEngine(deps: OpenAiEngineDeps, options: OpenAiEngineOptions): Engine & Service {
  const connection = createConnection(deps, options);
  return {
    name: "engine",
    start: (signal) => connectServer(connection, signal),
    async stop() {
      connection.isStopped = true;
      connection.retry?.cancel();
    },
    health() {
      if (connection.state === "ready") return { status: "ok" };
      return {
        status: "down",
        code: "engine-down",
        message: connection.problem ?? "the model server was not asked yet",
      };
    },
    generate: (request, signal) => generate(connection, request, signal),
    async embed(texts, model, signal) {
      const body = JSON.stringify({ model: modelOf(connection, model) ?? model, input: texts });
      const answer = parseJson(
        await callServer(connection, "/embeddings", { method: "POST", body }, signal),
        embeddingsSchema,
        "the server's embeddings",
      );
      const vectors = answer.data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map((entry) => entry.embedding);
      return { model: answer.model ?? model ?? "", vectors, promptTokens: answer.usage?.prompt_tokens ?? 0 };
    },
    countTokens: async (messages) =>
      messages.reduce(
        (sum, { content }) => sum + tokensPerMessage + Math.ceil(Buffer.byteLength(content) / bytesPerToken),
        tokensPerMessage,
      ),
    async models() {
      if (connection.state === "ready") await refreshModels(connection, new AbortController().signal);
      return connection.models;
    },
    defaultModel: async () => defaultModel(connection),
    status: () => ({
      backend: "openai",
      state: connection.state,
      ...(connection.problem === undefined ? {} : { problem: connection.problem }),
      model: modelOf(connection, undefined) ?? "",
      runningSequences: connection.inFlight,
      queuedRequests: 0,
      maxSequences: connection.options.maxInFlight,
      restarts: 0,
      decodeTokensPerSecond: 0,
      prefillTokensPerSecond: 0,
      memoryBytes: 0,
    }),
  };
}
