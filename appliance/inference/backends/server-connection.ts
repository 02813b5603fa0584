// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock, Timer } from "../../../shared/clock/index.ts";
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { EngineObserver, EngineStatus, ModelInfo } from "../engine/index.ts";
import { httpFailure } from "./http-failure.ts";
import { idleGuard } from "./idle-guard.ts";
import { modelsSchema } from "./openai-wire.ts";
import { readBounded } from "./sse-reader.ts";

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

/** A model server, and what is known about it. */
export interface ServerConnection {
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

const maxBodyBytes = 32 * 1024 * 1024;
/** What is read of a refusal. */
export const maxErrorBytes = 64 * 1024;

/** Headers of every request, the key among them. */
export function requestHeaders(connection: ServerConnection): Record<string, string> {
  const { apiKey } = connection.options;
  return { "content-type": "application/json", ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) };
}

/**
 * One request with one answer.
 * @throws HearthError with the code that fits the server's refusal, or `engine-unavailable`.
 */
export async function callServer(
  connection: ServerConnection,
  path: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<string> {
  const guard = idleGuard(connection.clock, connection.options.idleLimitMs, signal);
  try {
    const response = await connection.fetch(`${connection.options.baseUrl}${path}`, {
      ...init,
      headers: requestHeaders(connection),
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

/** Asks the server for its models. */
export async function refreshModels(connection: ServerConnection, signal: AbortSignal): Promise<void> {
  const { data } = parseJson(
    await callServer(connection, "/models", { method: "GET" }, signal),
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

/** Finds out whether the server answers, and asks again later when it does not. Never throws. */
export async function connectServer(connection: ServerConnection, signal: AbortSignal): Promise<void> {
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
    () => void connectServer(connection, new AbortController().signal),
  );
}

/** The model to ask for; undefined when the server does not offer it. */
export function modelOf(connection: ServerConnection, wanted: string | undefined): string | undefined {
  const known = connection.options.model ?? connection.models[0]?.id;
  if (wanted === undefined || wanted === known) return known;
  return connection.models.some((model) => model.id === wanted) ? wanted : undefined;
}
