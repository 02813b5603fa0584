// SPDX-License-Identifier: AGPL-3.0-only
import type { OpenAPIHono } from "@hono/zod-openapi";
import { apiErrorResponse } from "../api-error.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { callerOf, demand, forbidden, needsSignIn } from "./route-parts.ts";

/**
 * `GET /api/chat/socket`: the web chat's WebSocket, for a person's session. A browser always says its Origin when it
 * opens a WebSocket and the guard has refused foreign ones; one without an Origin is not the console's page.
 */
export function mountChatSocketRoute(app: OpenAPIHono<HttpEnvironment>): void {
  app.get("/api/chat/socket", needsSignIn(), (context) => {
    const caller = callerOf(context);
    demand(caller, "web-chat.open", { person: caller.person.id });
    if (caller.via === "key") throw forbidden("The web chat is for people; programs use /v1.");
    if (caller.via === "session" && context.req.header("origin") === undefined) {
      throw forbidden("A WebSocket must say from which page it comes.");
    }
    if (context.env.upgrade?.(caller) === true) return new Response(null);
    return apiErrorResponse(400, { code: "invalid-upgrade", message: "This address takes WebSockets only." });
  });
}
