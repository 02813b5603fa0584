// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock, Timer } from "../../../shared/clock/index.ts";
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Service } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import {
  checkRequest,
  type Engine,
  type EngineObserver,
  type EngineStatus,
  type GenerateEvent,
  type GenerateRequest,
  type ModelInfo,
  silentObserver,
} from "../engine/index.ts";
import { createAnswerAssembler } from "./answer-assembler.ts";
import { httpFailure } from "./http-failure.ts";
import { chunkSchema, embeddingsSchema, modelsSchema, toOpenAiRequest } from "./openai-wire.ts";
import { readBounded, readServerSentEvents } from "./sse-reader.ts";

/** The network, as far as this back-end needs it. */
export type FetchPort = (url: string, init: RequestInit) => Promise<Response>;

export interface OpenAiEngineDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer?: EngineObserver;
  /** Absent: the machine's `fetch`. */
  readonly fetch?: FetchPort;
}

export interface OpenAiEngineOptions {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Absent: the first model that the server lists. */
  readonly model?: string;
  /** Tokens of context to assume when the server does not say. */
  readonly contextTokens?: number;
  /** Longest silence of the server while it answers, milliseconds. */
  readonly idleLimitMs?: number;
  /** Requests at once, running or waiting at the server. */
  readonly maxInFlight?: number;
  /** How often a server that does not answer is asked again, milliseconds. */
  readonly retryMs?: number;
}

interface Connection {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: EngineObserver;
  readonly fetch: FetchPort;
  readonly options: Required<Omit<OpenAiEngineOptions, "apiKey" | "model">> & OpenAiEngineOptions;
  models: readonly ModelInfo[];
  state: EngineStatus["state"];
  problem: string | undefined;
  inFlight: number;
  retry: Timer | undefined;
  isStopped: boolean;
}

const limits = { maxEventBytes: 4 * 1024 * 1024, maxTotalBytes: 256 * 1024 * 1024 } as const;
const maxBodyBytes = 32 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;

function headers(connection: Connection): Record<string, string> {
  const { apiKey } = connection.options;
  return { "content-type": "application/json", ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) };
}

/** Aborts when `signal` does, or when nothing came for `limitMs`; `touch` after each thing that came. */
function idleGuard(clock: Clock, limitMs: number, signal: AbortSignal) {
  const control = new AbortController();
  const onAbort = (): void => control.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) control.abort();
  let timer: Timer | undefined;
  let isTimedOut = false;
  const touch = (): void => {
    timer?.cancel();
    timer = clock.after(limitMs, () => {
      isTimedOut = true;
      control.abort();
    });
  };
  touch();
  return {
    signal: control.signal,
    touch,
    isTimedOut: () => isTimedOut,
    done(): void {
      timer?.cancel();
      signal.removeEventListener("abort", onAbort);
      // Ends a body that nobody is going to read: the server sees that its client left.
      control.abort();
    },
  };
}

async function call(connection: Connection, path: string, init: RequestInit, signal: AbortSignal): Promise<string> {
  const guard = idleGuard(connection.clock, connection.options.idleLimitMs, signal);
  try {
    const response = await connection.fetch(`${connection.options.baseUrl}${path}`, {
      ...init,
      headers: headers(connection),
      signal: guard.signal,
      redirect: "error",
    });
    const body = await readBounded(response, response.ok ? maxBodyBytes : maxErrorBytes);
    if (response.ok) return body;
    const { code, message } = httpFailure(
      response.status,
      response.headers.get("retry-after"),
      body,
      connection.clock.now(),
    );
    throw new HearthError({ code, message });
  } catch (thrown) {
    if (isHearthError(thrown)) throw thrown;
    const message = guard.isTimedOut() ? "the model server does not answer" : "the model server cannot be reached";
    throw new HearthError({
      code: "engine-unavailable",
      message: `${message} at ${connection.options.baseUrl}`,
      cause: thrown,
    });
  } finally {
    guard.done();
  }
}

async function refreshModels(connection: Connection, signal: AbortSignal): Promise<void> {
  const { data } = parseJson(
    await call(connection, "/models", { method: "GET" }, signal),
    modelsSchema,
    "the server's list of models",
  );
  connection.models = data.map(({ id, max_model_len: length, meta }) => ({
    id,
    contextTokens: length ?? meta?.n_ctx_train ?? connection.options.contextTokens,
    isLoaded: id === (connection.options.model ?? data[0]?.id),
    isGuide: false,
    canEmbed: true,
    canCallTools: true,
  }));
}

async function connect(connection: Connection, signal: AbortSignal): Promise<void> {
  if (connection.isStopped) return;
  try {
    await refreshModels(connection, signal);
    if (connection.state !== "ready")
      connection.logger.info("engine-ready", { backend: "openai", models: connection.models.length });
    connection.state = "ready";
    connection.problem = undefined;
  } catch (thrown) {
    connection.state = "down";
    connection.problem = thrown instanceof Error ? thrown.message : "the model server cannot be reached";
    connection.logger.warn("engine-down", {
      backend: "openai",
      code: isHearthError(thrown) ? thrown.code : "internal",
    });
  }
  connection.retry?.cancel();
  if (connection.isStopped || connection.state === "ready") return;
  connection.retry = connection.clock.after(
    connection.options.retryMs,
    () => void connect(connection, new AbortController().signal),
  );
}

function modelOf(connection: Connection, wanted: string | undefined): string | undefined {
  const known = connection.options.model ?? connection.models[0]?.id;
  if (wanted === undefined || wanted === known) return known;
  return connection.models.some((model) => model.id === wanted) ? wanted : undefined;
}

function refusal(connection: Connection, request: GenerateRequest): GenerateEvent | undefined {
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

async function* stream(
  connection: Connection,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent> {
  const model = modelOf(connection, request.model) ?? request.model ?? "";
  const { body, path } = toOpenAiRequest(request, model);
  const guard = idleGuard(connection.clock, connection.options.idleLimitMs, signal);
  const assembler = createAnswerAssembler(request.id);
  try {
    const init = {
      method: "POST",
      headers: headers(connection),
      body: JSON.stringify(body),
      signal: guard.signal,
      redirect: "error",
    } as const;
    const response = await connection.fetch(`${connection.options.baseUrl}${path}`, init);
    if (!response.ok || response.body === null) {
      const said = await readBounded(response, maxErrorBytes);
      const failure = httpFailure(response.status, response.headers.get("retry-after"), said, connection.clock.now());
      yield { type: "failed", ...failure };
      return;
    }
    yield { type: "started", model, promptTokens: 0, cachedTokens: 0 };
    for await (const data of readServerSentEvents(response.body, limits)) {
      guard.touch();
      if (data === "[DONE]") break;
      const chunk = parseJson(data, chunkSchema, "a chunk of the model server");
      if (chunk.error)
        throw new HearthError({
          code: "decode-failed",
          message: (chunk.error.message ?? "the model server failed").slice(0, 300),
        });
      yield* assembler.take(chunk);
    }
    if (!assembler.isComplete())
      throw new HearthError({
        code: "engine-unavailable",
        message: "the model server stopped in the middle of the answer",
      });
    yield* assembler.end(false);
  } catch (thrown) {
    if (signal.aborted) yield* assembler.end(true);
    else yield failureEvent(connection, thrown, guard.isTimedOut());
  } finally {
    guard.done();
  }
}

function failureEvent(connection: Connection, thrown: unknown, isTimedOut: boolean): GenerateEvent {
  if (isHearthError(thrown) && !isTimedOut) {
    const code =
      thrown.code === "decode-failed" || thrown.code === "engine-unavailable" ? thrown.code : "decode-failed";
    return { type: "failed", code, message: thrown.message };
  }
  const what = isTimedOut ? `was silent for ${connection.options.idleLimitMs} ms` : "cannot be reached";
  return {
    type: "failed",
    code: "engine-unavailable",
    message: `the model server at ${connection.options.baseUrl} ${what}`,
  };
}

/** A signal that also aborts at the request's deadline. */
function withDeadline(clock: Clock, request: GenerateRequest, signal: AbortSignal) {
  const control = new AbortController();
  const onAbort = (): void => control.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) control.abort();
  let isLate = false;
  const timer =
    request.deadlineMs === undefined
      ? undefined
      : clock.after(Math.max(0, request.deadlineMs - clock.now()), () => {
          isLate = true;
          control.abort();
        });
  return {
    signal: control.signal,
    isLate: () => isLate,
    done(): void {
      timer?.cancel();
      signal.removeEventListener("abort", onAbort);
    },
  };
}

async function* generate(
  connection: Connection,
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
    for await (const event of stream(connection, request, deadline.signal)) {
      const isLate = event.type === "end" && event.reason === "cancelled" && deadline.isLate() && !signal.aborted;
      if (event.type === "delta") {
        const now = connection.clock.monotonicMs();
        if (lastMs === undefined) connection.observer.firstToken(now - beganMs);
        else connection.observer.interToken(now - lastMs);
        lastMs = now;
      }
      if (event.type === "end")
        connection.observer.ended(event.reason, event.usage.promptTokens, event.usage.completionTokens);
      if (event.type === "failed") connection.observer.ended("failed", 0, 0);
      yield isLate
        ? { type: "failed", code: "deadline-exceeded", message: "the deadline passed while generating" }
        : event;
    }
  } finally {
    connection.inFlight--;
    deadline.done();
  }
}

function defaultModel(connection: Connection): ModelInfo {
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

/** Makes an engine out of an OpenAI-compatible server: TensorRT-LLM, vLLM, llama-server, Ollama or another. */
export function createOpenAiEngine(deps: OpenAiEngineDeps, options: OpenAiEngineOptions): Engine & Service {
  const connection: Connection = {
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
  return {
    name: "engine",
    start: (signal) => connect(connection, signal),
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
        await call(connection, "/embeddings", { method: "POST", body }, signal),
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
