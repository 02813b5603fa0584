// SPDX-License-Identifier: AGPL-3.0-only
import type { MiddlewareHandler } from "hono";
import { apiErrorResponse } from "../api-error.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { notSignedIn } from "../not-signed-in.ts";

/**
 * Stands before everything under `/api`: nothing there answers a stranger but the sign-in itself, what does not exist
 * included. Bodies must be declared as JSON, which a form of a foreign page cannot do.
 */
export function gateApi(): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    const isSigningIn = context.req.path === "/api/session" && context.req.method === "POST";
    if (!isSigningIn && context.get("caller") === null) throw notSignedIn();
    const contentType = context.req.header("content-type") ?? "";
    if (context.req.raw.body === null || /^application\/json\s*(;|$)/i.test(contentType)) return next();
    return bodyNotJson();
  };
}

/** A 415. */
export function bodyNotJson(): Response {
  const remedy = "Send the header 'Content-Type: application/json' with the body.";
  return apiErrorResponse(415, { code: "body-not-json", message: "Bodies are sent as application/json.", remedy });
}
