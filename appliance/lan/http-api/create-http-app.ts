// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Hono, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { routePath } from "hono/route";
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import { createRateLimiter } from "../../gateway/rate-limit/index.ts";
import type { Engine } from "../../inference/engine/index.ts";
import type { MessageRouter } from "../../messaging/router/index.ts";
import { createOpenAiApi, type OpenAiApiOptions } from "../openai-api/index.ts";
import { apiErrorResponse, responseOfError, statusOfErrorCode } from "./api-error.ts";
import type { ApiServices } from "./api-services.ts";
import type { HttpEnvironment } from "./http-environment.ts";
import { refuseInvalid } from "./refuse-invalid.ts";
import { createHealthRoutes } from "./routes/health-routes.ts";
import { createMetricsRoute } from "./routes/metrics-route.ts";
import { mountApiRoutes } from "./routes/mount-api-routes.ts";
import { authenticate } from "./security/authenticate.ts";
import { bodyNotJson, gateApi } from "./security/gate-api.ts";
import type { HostPolicy } from "./security/host-policy.ts";
import { readBody, refuseLargeBody } from "./security/read-body.ts";
import { requestGuard } from "./security/request-guard.ts";
import { securityHeaders } from "./security/security-headers.ts";
import { toOpenAiCaller } from "./to-openai-caller.ts";

/** What the HTTP application stands on. */
export interface HttpAppDeps {
  readonly services: ApiServices;
  readonly engine: Engine;
  readonly router: MessageRouter;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How the HTTP application behaves. Names it may be called by are asked for at each request, since settings change. */
export interface HttpAppOptions {
  readonly hostPolicy: () => HostPolicy;
  /** `/hooks/{name}`: signed by their own secret, so they stand outside keys and sessions. */
  readonly handleHook?: (name: string, request: Request) => Promise<Response>;
  /** The console's pages: static, without data; mounted at `/`. */
  readonly console?: Hono;
  /** A body must arrive within this time. Default 30 s. */
  readonly bodyTimeoutMs?: number;
  readonly openAi?: OpenAiApiOptions;
  /** Version of the appliance, for the API's description. */
  readonly version?: string;
  /** Where browsers reach the box, for sign-in links, such as `http://127.0.0.1:7411`. */
  readonly baseUrl?: () => string;
}

/**
 * All of the box's HTTP in one application. Call it through {@link createHttpServer}, or in-process with
 * `app.request(path, init, {peer: {kind: "control-socket"}, isTls: false})`.
 */
export function createHttpApp(deps: HttpAppDeps, options: HttpAppOptions): OpenAPIHono<HttpEnvironment> {
  const { services, clock, logger } = deps;
  const app = new OpenAPIHono<HttpEnvironment>({ defaultHook: refuseInvalid });
  const baseUrl = options.baseUrl ?? (() => `http://${options.hostPolicy().listenHost}`);
  app.use(securityHeaders());
  app.use(requestGuard(options.hostPolicy));
  app.use(refuseLargeBody());
  app.route("/", createHealthRoutes(services));
  const failedAttempts = createRateLimiter(clock);
  const { apiKeys: keys, sessions, people } = services;
  const identify = authenticate({ keys, sessions, people, failedAttempts });
  for (const path of ["/api/*", "/v1/*", "/metrics"]) app.use(path, identify);
  app.use("/api/*", gateApi());
  const read = readBody(clock, options.bodyTimeoutMs ?? 30_000);
  // Bodies of strangers are not read, but for the sign-in's and a webhook's, which are small.
  for (const path of ["/api/*", "/hooks/*"]) app.use(path, read);
  app.use("/v1/*", (context, next) => (context.get("caller") === null ? next() : read(context, next)));
  for (const path of ["/api/*", "/v1/*"]) app.use(path, allowTime());
  mountHooks(app, options);
  app.route("/", createMetricsRoute(services));
  mountApiRoutes(app, services, { clock, version: options.version ?? "0.0.0", baseUrl, failedAttempts });
  mountOpenAiApi(app, deps, options);
  if (options.console !== undefined) app.route("/", options.console);
  app.notFound((context) =>
    apiErrorResponse(404, { code: "not-found", message: `There is nothing at ${context.req.path}.` }),
  );
  app.onError((thrown, context) => {
    // Hono's own refusal of a body that is not JSON.
    if (thrown instanceof HTTPException && thrown.status === 400) {
      const remedy = "Send one whole JSON object.";
      return apiErrorResponse(400, { code: "invalid-json", message: "The body is not valid JSON.", remedy });
    }
    // And of a body that is not declared as JSON in the words that it knows.
    if (thrown instanceof HTTPException && thrown.status === 415) return bodyNotJson();
    const error = toHearthError(thrown);
    if (statusOfErrorCode(error.code) === 500) {
      const route = routePath(context, -1);
      // The place alone: the words of an unexpected error could hold what no log may.
      const at = thrown.stack
        ?.split("\n")
        .find((line) => line.trim().startsWith("at "))
        ?.trim();
      logger.error("http-request-failed", { code: error.code, method: context.req.method, route, at });
    }
    return responseOfError(error);
  });
  return app;
}

function mountHooks(app: OpenAPIHono<HttpEnvironment>, { handleHook }: HttpAppOptions): void {
  if (handleHook === undefined) return;
  app.post("/hooks/:name", async (context) => {
    const { url, method, headers } = context.req.raw;
    // The body has been read within its limits; the channel gets it as it came, to check its signature.
    const request = new Request(url, { method, headers, body: await context.req.arrayBuffer() });
    return handleHook(context.req.param("name"), request);
  });
}

function mountOpenAiApi(app: OpenAPIHono<HttpEnvironment>, deps: HttpAppDeps, options: HttpAppOptions): void {
  const { engine, router, clock, services } = deps;
  const randomId = (): string => randomBytes(16).toString("hex");
  const takeFromLimit = (tenant: string) => services.apiKeys.takeFromLimit(tenant);
  const openAiApi = createOpenAiApi(
    { engine, router, clock, randomId, takeFromLimit },
    {
      callerOf: (context) => toOpenAiCaller(context.get("caller")),
      streamClosed: (context) => context.env.release?.(),
      endingOf: (context) => context.env.ending,
    },
    options.openAi,
  );
  app.route("/v1", openAiApi);
}

/**
 * The body of somebody known has arrived: the answer may now be silent for as long as its place in the queue, or the
 * loading of a model, takes.
 */
function allowTime(): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    if (context.get("caller") === null) return next();
    context.env.holdOpen?.();
    await next();
    // A stream puts it back itself, when it ends.
    if (!isEventStream(context.res)) context.env.release?.();
  };
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}
