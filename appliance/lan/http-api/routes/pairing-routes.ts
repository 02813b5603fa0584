// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  approvePairingRequestSchema,
  denyPairingRequestSchema,
  pairingListSchema,
  personSchema,
} from "../schemas/people.ts";
import { demandOver } from "./demand-over.ts";
import { answers, callerOf, demand, jsonBody, needs, noAnswer } from "./route-parts.ts";

const listPairing = createRoute({
  operationId: "listPairing",
  method: "get",
  path: "/api/pairing",
  summary: "Strangers who were given a code and wait",
  middleware: needs("pairing.read"),
  responses: answers(pairingListSchema, "Oldest first; the codes are not shown"),
});
const approvePairing = createRoute({
  operationId: "approvePairing",
  method: "post",
  path: "/api/pairing/approve",
  summary: "Let a stranger in by the code they tell",
  middleware: needs("pairing.decide"),
  request: { body: jsonBody(approvePairingRequestSchema) },
  responses: answers(personSchema, "The person they are now", 404, 409),
});
const denyPairing = createRoute({
  operationId: "denyPairing",
  method: "post",
  path: "/api/pairing/deny",
  summary: "Turn a stranger away",
  middleware: needs("pairing.decide"),
  request: { body: jsonBody(denyPairingRequestSchema) },
  responses: noAnswer("Turned away", 404),
});

/** Pairing of strangers. */
export function mountPairingRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { pairing, people }: Pick<ApiServices, "pairing" | "people">,
): void {
  app.openapi(listPairing, async (context) => context.json({ pairings: [...(await pairing.list())] }, 200));
  app.openapi(approvePairing, async (context) => {
    const caller = callerOf(context);
    const request = context.req.valid("json");
    // It makes somebody of that role, or gives somebody known one more address.
    if (request.personId === undefined) demand(caller, "person.manage", { role: request.role });
    else await demandOver(people, caller, "person.manage", request.personId);
    return context.json(await pairing.approve(request, caller.actor), 200);
  });
  app.openapi(denyPairing, async (context) => {
    await pairing.deny(context.req.valid("json"), callerOf(context).actor);
    return context.body(null, 204);
  });
}
