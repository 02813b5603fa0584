// SPDX-License-Identifier: AGPL-3.0-only
import { Hono } from "hono";
import { apiErrorResponse } from "../api-error.ts";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";

/** `/healthz` (the process lives) and `/readyz` (a turn can be answered), for whoever asks; they say no more than that. */
export function createHealthRoutes({ readiness }: Pick<ApiServices, "readiness">): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  routes.get("/healthz", (context) => context.json({ status: "ok" }));
  routes.get("/readyz", (context) => {
    const state = readiness.read();
    if (state.isReady) return context.json({ status: "ready" });
    return apiErrorResponse(503, { code: "not-ready", message: state.problem }, { "retry-after": "1" });
  });
  return routes;
}
