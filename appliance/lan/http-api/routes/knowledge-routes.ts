// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  addedKnowledgeSchema,
  addKnowledgeRequestSchema,
  knowledgeListSchema,
  knowledgeSearchSchema,
  searchKnowledgeQuerySchema,
} from "../schemas/knowledge.ts";
import { answers, callerOf, forbidden, idParams, jsonBody, needs, noAnswer } from "./route-parts.ts";

const path = "/api/knowledge";
const listKnowledge = createRoute({
  operationId: "listKnowledge",
  method: "get",
  path,
  summary: "What the box answers from",
  middleware: needs("knowledge.read"),
  responses: answers(knowledgeListSchema, "The handbook and what was added"),
});
const addKnowledge = createRoute({
  operationId: "addKnowledge",
  method: "post",
  path,
  summary: "Add a text; over the control socket also a file or folder of the box",
  middleware: needs("knowledge.manage"),
  request: { body: jsonBody(addKnowledgeRequestSchema) },
  responses: answers(addedKnowledgeSchema, "What was taken in", 404, 409),
});
const searchKnowledge = createRoute({
  operationId: "searchKnowledge",
  method: "get",
  path: `${path}/search`,
  summary: "The passages that a question would find",
  middleware: needs("knowledge.read"),
  request: { query: searchKnowledgeQuerySchema },
  responses: answers(knowledgeSearchSchema, "Best first"),
});
const removeKnowledge = createRoute({
  operationId: "removeKnowledge",
  method: "delete",
  path: `${path}/{id}`,
  summary: "Remove a source with its passages",
  middleware: needs("knowledge.manage"),
  request: { params: idParams },
  responses: noAnswer("Removed", 409),
});

/** Knowledge. */
export function mountKnowledgeRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { knowledge }: Pick<ApiServices, "knowledge">,
): void {
  app.openapi(listKnowledge, async (context) => context.json({ sources: [...(await knowledge.list())] }, 200));
  app.openapi(addKnowledge, async (context) => {
    const caller = callerOf(context);
    const request = context.req.valid("json");
    if ("path" in request && caller.via !== "control-socket") {
      throw forbidden("Files of the box are added on the box itself, with 'hearth knowledge add <path>'.");
    }
    return context.json(await knowledge.add(request, caller.actor), 200);
  });
  app.openapi(searchKnowledge, async (context) => {
    const { q, limit } = context.req.valid("query");
    return context.json({ passages: [...(await knowledge.search(q, limit))] }, 200);
  });
  app.openapi(removeKnowledge, async (context) => {
    await knowledge.remove(context.req.valid("param").id, callerOf(context).actor);
    return context.body(null, 204);
  });
}
