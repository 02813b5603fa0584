// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { ApiServices } from "../api-services.ts";
import { decideFor } from "../decide-for.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { pageQuerySchema } from "../schemas/common.ts";
import { conversationDetailSchema, conversationListSchema } from "../schemas/conversations.ts";
import { answers, callerOf, idParams, needsForSome } from "./route-parts.ts";

const listConversations = createRoute({
  operationId: "listConversations",
  method: "get",
  path: "/api/conversations",
  summary: "Conversations: of everybody for the owner, one's own for the others",
  middleware: needsForSome("conversation.read"),
  request: { query: pageQuerySchema(/^\d{1,15}\.[0-9a-f]{1,64}$/) },
  responses: answers(conversationListSchema, "The latest first"),
});
const readConversation = createRoute({
  operationId: "readConversation",
  method: "get",
  path: "/api/conversations/{id}",
  summary: "The messages of a conversation, with what became of them",
  middleware: needsForSome("conversation.read"),
  request: { params: idParams, query: pageQuerySchema(/^\d{1,15}$/) },
  responses: answers(conversationDetailSchema, "The latest first"),
});

/** Conversations. Who may not read everybody's sees their own; another's is as if it were not there. */
export function mountConversationRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { conversations }: Pick<ApiServices, "conversations">,
): void {
  app.openapi(listConversations, async (context) => {
    const caller = callerOf(context);
    const page = context.req.valid("query");
    const scope = decideFor(caller, "conversation.read").isAllowed ? {} : { personId: caller.person.id };
    return context.json(await conversations.list({ ...page, ...scope }), 200);
  });
  app.openapi(readConversation, async (context) => {
    const caller = callerOf(context);
    const { id } = context.req.valid("param");
    const detail = await conversations.get(id, context.req.valid("query"));
    const { personId } = detail.conversation;
    const resource = personId === null ? {} : { person: personId as PersonId };
    if (!decideFor(caller, "conversation.read", resource).isAllowed) {
      throw new HearthError({ code: "conversation-not-found", message: `there is no conversation '${id}'` });
    }
    return context.json(detail, 200);
  });
}
