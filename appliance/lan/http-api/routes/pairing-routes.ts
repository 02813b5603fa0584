// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import { mayActOn } from "../caller.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  approvePairingRequestSchema,
  denyPairingRequestSchema,
  pairingListSchema,
  personSchema,
} from "../schemas/people.ts";
import { answers, callerOf, forbidden, jsonBody, needs, noAnswer } from "./route-parts.ts";

const listPairing = createRoute({
  method: "get",
  path: "/api/pairing",
  summary: "Strangers who were given a code and wait",
  middleware: needs("read"),
  responses: answers(pairingListSchema, "Oldest first; the codes are not shown"),
});
const approvePairing = createRoute({
  method: "post",
  path: "/api/pairing/approve",
  summary: "Let a stranger in by the code they tell",
  middleware: needs("write"),
  request: { body: jsonBody(approvePairingRequestSchema) },
  responses: answers(personSchema, "The person they are now"),
});
const denyPairing = createRoute({
  method: "post",
  path: "/api/pairing/deny",
  summary: "Turn a stranger away",
  middleware: needs("write"),
  request: { body: jsonBody(denyPairingRequestSchema) },
  responses: noAnswer("Turned away"),
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
    if (request.personId !== undefined) {
      const { role } = await people.get(request.personId);
      if (!mayActOn(caller, role)) throw forbidden("Only an owner can give an owner one more address.");
    }
    return context.json(await pairing.approve(request, caller.actor), 200);
  });
  app.openapi(denyPairing, async (context) => {
    await pairing.deny(context.req.valid("json"), callerOf(context).actor);
    return context.body(null, 204);
  });
}
