// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { limitSchema, pageQuerySchema } from "../schemas/common.ts";
import { auditListSchema, auditVerificationSchema, decisionListSchema, queuesSchema } from "../schemas/operations.ts";
import { answers, callerOf, idParams, needs, noAnswer } from "./route-parts.ts";

const listDecisions = createRoute({
  operationId: "listDecisions",
  method: "get",
  path: "/api/decisions",
  summary: "What the gateway decided about messages, and by which rule",
  middleware: needs("audit.read"),
  request: { query: z.strictObject({ limit: limitSchema }) },
  responses: answers(decisionListSchema, "The latest first"),
});
const readQueues = createRoute({
  operationId: "readQueues",
  method: "get",
  path: "/api/queues",
  summary: "What waits, what is on its way, and what could not be delivered",
  middleware: needs("queue.read"),
  responses: answers(queuesSchema, "The queues now"),
});
const retryDead = createRoute({
  operationId: "retryDead",
  method: "post",
  path: "/api/queues/dead/{id}/retry",
  summary: "Put a dead letter back into its queue",
  middleware: needs("queue.manage"),
  request: { params: idParams },
  responses: noAnswer("It will be tried again"),
});
const listAudit = createRoute({
  operationId: "listAudit",
  method: "get",
  path: "/api/audit",
  summary: "The audit log",
  middleware: needs("audit.read"),
  request: { query: pageQuerySchema(/^\d{1,15}$/) },
  responses: answers(auditListSchema, "The latest first"),
});
const verifyAudit = createRoute({
  operationId: "verifyAudit",
  method: "post",
  path: "/api/audit/verify",
  summary: "Check the audit log for changes, gaps and truncation",
  middleware: needs("audit.read"),
  responses: answers(auditVerificationSchema, "Whether it is as it was written"),
});

/** Decisions, queues and the audit log. */
export function mountOperationRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { decisions, queues, audit }: Pick<ApiServices, "decisions" | "queues" | "audit">,
): void {
  app.openapi(listDecisions, async (context) =>
    context.json({ decisions: [...(await decisions.list(context.req.valid("query").limit))] }, 200),
  );
  app.openapi(readQueues, async (context) => context.json(await queues.read(), 200));
  app.openapi(retryDead, async (context) => {
    await queues.retryDead(context.req.valid("param").id, callerOf(context).actor);
    return context.body(null, 204);
  });
  app.openapi(listAudit, async (context) => context.json(await audit.list(context.req.valid("query")), 200));
  app.openapi(verifyAudit, async (context) => context.json(await audit.verify(), 200));
}
