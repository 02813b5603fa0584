// SPDX-License-Identifier: AGPL-3.0-only
import { type Context, Hono } from "hono";
import { toHearthError } from "../../../shared/errors/index.ts";
import { handleChat } from "./handlers/chat.ts";
import { handleCompletions } from "./handlers/completions.ts";
import { handleEmbeddings } from "./handlers/embeddings.ts";
import { handleModel, handleModels } from "./handlers/models.ts";
import { handleResponses } from "./handlers/responses.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall, OpenAiCaller } from "./openai-api-deps.ts";
import { failureOfError, failureResponse, type OpenAiFailure } from "./openai-failure.ts";

/** What the server that mounts these routes knows of a request. */
export interface OpenAiHost {
  /** Who calls; null: nobody it knows. */
  callerOf(context: Context): OpenAiCaller | null;
  /** A streamed answer has ended. */
  streamClosed?(context: Context): void;
  /** Aborts when the box stops and answers have had their time. */
  endingOf?(context: Context): AbortSignal | undefined;
}

type PostHandler = (deps: OpenAiApiDeps, options: OpenAiApiOptions, call: OpenAiCall) => Promise<Response>;

const notAuthenticated: OpenAiFailure = {
  status: 401,
  type: "authentication_error",
  code: "invalid_api_key",
  param: null,
  message: "A valid key is required: send 'Authorization: Bearer hk_…'. 'hearth key create' makes one.",
};

/**
 * The routes under `/v1`, to be mounted by a server that has checked host, origin and body size, and knows the caller.
 * Bodies and errors have OpenAI's shape.
 */
export function createOpenAiApi(deps: OpenAiApiDeps, host: OpenAiHost, options: OpenAiApiOptions = {}): Hono {
  const api = new Hono();
  const withCaller =
    (handle: (caller: OpenAiCaller, context: Context) => Promise<Response>) =>
    (context: Context): Promise<Response> | Response => {
      const caller = host.callerOf(context);
      return caller === null ? failureResponse(notAuthenticated) : handle(caller, context);
    };
  const post = (path: string, handler: PostHandler): void => {
    api.post(
      path,
      withCaller(async (caller, context) => {
        const text = await context.req.text();
        const onClosed = (): void => host.streamClosed?.(context);
        const ending = host.endingOf?.(context);
        return handler(deps, options, { caller, request: context.req.raw, text, onClosed, ending });
      }),
    );
  };
  api.get(
    "/models",
    withCaller((caller) => handleModels(deps, caller)),
  );
  api.get(
    "/models/:id{.+}",
    withCaller((caller, context) => handleModel(deps, caller, context.req.param("id") ?? "")),
  );
  post("/chat/completions", handleChat);
  post("/completions", handleCompletions);
  post("/embeddings", handleEmbeddings);
  post("/responses", handleResponses);
  api.all(
    "*",
    withCaller(async (_, context) => failureResponse(unknownRoute(context))),
  );
  api.onError((error) => failureResponse(failureOfError(toHearthError(error))));
  return api;
}

function unknownRoute(context: Context): OpenAiFailure {
  const message = `Unknown request: ${context.req.method} ${context.req.path} is not part of this API.`;
  return { status: 404, type: "invalid_request_error", code: "unknown_url", param: null, message };
}
