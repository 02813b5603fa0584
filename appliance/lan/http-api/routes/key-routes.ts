// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Clock } from "../../../../shared/clock/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { ApiServices } from "../api-services.ts";
import { mayActOn } from "../caller.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { apiKeyListSchema, createApiKeyRequestSchema, createdApiKeySchema } from "../schemas/keys.ts";
import { answers, callerOf, forbidden, idParams, jsonBody, needs, noAnswer } from "./route-parts.ts";

const dayMs = 86_400_000;
const listKeys = createRoute({
  method: "get",
  path: "/api/keys",
  summary: "The keys of programs",
  middleware: needs("read"),
  responses: answers(apiKeyListSchema, "All keys, without their secrets"),
});
const createKey = createRoute({
  method: "post",
  path: "/api/keys",
  summary: "Make a key",
  middleware: needs("write"),
  request: { body: jsonBody(createApiKeyRequestSchema) },
  responses: answers(createdApiKeySchema, "The key, shown this once"),
});
const removeKey = createRoute({
  method: "delete",
  path: "/api/keys/{id}",
  summary: "Revoke a key",
  middleware: needs("write"),
  request: { params: idParams },
  responses: noAnswer("Revoked"),
});

/** API keys. A key for somebody else is made only by who may act for them. */
export function mountKeyRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { apiKeys, people }: Pick<ApiServices, "apiKeys" | "people">,
  clock: Clock,
): void {
  app.openapi(listKeys, async (context) => context.json({ keys: [...(await apiKeys.list())] }, 200));
  app.openapi(createKey, async (context) => {
    const caller = callerOf(context);
    const { name, scopes, personId = caller.person.id, expiresInDays } = context.req.valid("json");
    if (personId !== caller.person.id) {
      const { role } = await people.get(personId);
      if (!mayActOn(caller, role)) throw forbidden("Only an owner can make a key for an owner.");
    }
    const expiresMs = expiresInDays === undefined ? null : clock.now() + expiresInDays * dayMs;
    const request = { name, scopes, personId: personId as PersonId, expiresMs };
    return context.json(await apiKeys.create(request, caller.actor), 200);
  });
  app.openapi(removeKey, async (context) => {
    await apiKeys.remove(context.req.valid("param").id, callerOf(context).actor);
    return context.body(null, 204);
  });
}
