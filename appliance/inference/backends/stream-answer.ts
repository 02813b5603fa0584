// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError, isHearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { GenerateEvent, GenerateRequest } from "../engine/index.ts";
import { createAnswerAssembler } from "./answer-assembler.ts";
import { httpFailure } from "./http-failure.ts";
import { idleGuard } from "./idle-guard.ts";
import { chunkSchema, toOpenAiRequest } from "./openai-wire.ts";
import { maxErrorBytes, modelOf, requestHeaders, type ServerConnection } from "./server-connection.ts";
import { readBounded, readServerSentEvents } from "./sse-reader.ts";

const limits = { maxEventBytes: 4 * 1024 * 1024, maxTotalBytes: 256 * 1024 * 1024 } as const;

/** One answer of the server as events; a failure is the last of them. */
export async function* streamAnswer(
  connection: ServerConnection,
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
      headers: requestHeaders(connection),
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

function failureEvent(connection: ServerConnection, thrown: unknown, isTimedOut: boolean): GenerateEvent {
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
