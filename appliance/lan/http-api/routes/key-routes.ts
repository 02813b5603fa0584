// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Clock } from "../../../../shared/clock/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { Resource } from "../../../gateway/access-control/index.ts";
import type { ApiServices, PeopleService } from "../api-services.ts";
import { decideFor } from "../decide-for.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { type ApiKey, apiKeyListSchema, createApiKeyRequestSchema, createdApiKeySchema } from "../schemas/keys.ts";
import { demandOver } from "./demand-over.ts";
import { answers, callerOf, demand, idParams, jsonBody, needsForSome, noAnswer } from "./route-parts.ts";

const dayMs = 86_400_000;
const listKeys = createRoute({
  operationId: "listKeys",
  method: "get",
  path: "/api/keys",
  summary: "The keys of programs",
  middleware: needsForSome("key.read"),
  responses: answers(apiKeyListSchema, "Those that the caller may see, without their secrets"),
});
const createKey = createRoute({
  operationId: "createKey",
  method: "post",
  path: "/api/keys",
  summary: "Make a key",
  middleware: needsForSome("key.create"),
  request: { body: jsonBody(createApiKeyRequestSchema) },
  responses: answers(createdApiKeySchema, "The key, shown this once", 404),
});
const removeKey = createRoute({
  operationId: "removeKey",
  method: "delete",
  path: "/api/keys/{id}",
  summary: "Revoke a key",
  middleware: needsForSome("key.revoke"),
  request: { params: idParams },
  responses: noAnswer("Revoked"),
});

/** API keys. Those of others are seen, made and revoked only by who may act for them. */
export function mountKeyRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { apiKeys, people }: Pick<ApiServices, "apiKeys" | "people">,
  clock: Clock,
): void {
  app.openapi(listKeys, async (context) => {
    const caller = callerOf(context);
    const resourceOf = await holders(people);
    const keys = (await apiKeys.list()).filter((key) => decideFor(caller, "key.read", resourceOf(key)).isAllowed);
    return context.json({ keys }, 200);
  });
  app.openapi(createKey, async (context) => {
    const caller = callerOf(context);
    const { name, scopes, personId = caller.person.id, expiresInDays } = context.req.valid("json");
    await demandOver(people, caller, "key.create", personId);
    const expiresMs = expiresInDays === undefined ? null : clock.now() + expiresInDays * dayMs;
    const request = { name, scopes, personId: personId as PersonId, expiresMs };
    return context.json(await apiKeys.create(request, caller.actor), 200);
  });
  app.openapi(removeKey, async (context) => {
    const caller = callerOf(context);
    const { id } = context.req.valid("param");
    const key = (await apiKeys.list()).find((candidate) => candidate.id === id);
    // Only who may revoke somebody else's key learns that there is none of this id.
    demand(caller, "key.revoke", key === undefined ? { role: "guest" } : (await holders(people))(key));
    await apiKeys.remove(id, caller.actor);
    return context.body(null, 204);
  });
}

/** Whose a key is, as a resource. The role of a holder who is gone is not known, so only the owner may touch the key. */
async function holders(people: PeopleService): Promise<(key: ApiKey) => Resource> {
  const roles = new Map((await people.list()).map(({ id, role }) => [id, role]));
  return ({ personId }) => {
    const role = roles.get(personId);
    return { person: personId as PersonId, ...(role !== undefined && { role }) };
  };
}
