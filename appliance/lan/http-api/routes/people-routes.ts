// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import {
  createPersonRequestSchema,
  personListSchema,
  personSchema,
  updatePersonRequestSchema,
} from "../schemas/people.ts";
import { demandOver } from "./demand-over.ts";
import { answers, callerOf, demand, idParams, jsonBody, needs, needsForSome, noAnswer } from "./route-parts.ts";

const path = "/api/people";
const listPeople = createRoute({
  operationId: "listPeople",
  method: "get",
  path,
  summary: "The people whom the box knows",
  middleware: needs("person.read"),
  responses: answers(personListSchema, "All of them, oldest first"),
});
const createPerson = createRoute({
  operationId: "createPerson",
  method: "post",
  path,
  summary: "Let somebody in",
  middleware: needsForSome("person.manage"),
  request: { body: jsonBody(createPersonRequestSchema) },
  responses: answers(personSchema, "The new person", 409),
});
const updatePerson = createRoute({
  operationId: "updatePerson",
  method: "patch",
  path: `${path}/{id}`,
  summary: "Change role, name, addresses, or block",
  middleware: needsForSome("person.manage"),
  request: { params: idParams, body: jsonBody(updatePersonRequestSchema) },
  responses: answers(personSchema, "The person as it is now", 409),
});
const removePerson = createRoute({
  operationId: "removePerson",
  method: "delete",
  path: `${path}/{id}`,
  summary: "Forget somebody: their key is destroyed, and with it all that was sealed for them",
  middleware: needsForSome("data.erase"),
  request: { params: idParams },
  responses: noAnswer("Forgotten", 409),
});

/** People. Owners and operators are made, changed and removed by owners only. */
export function mountPeopleRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { people, sessions, chats }: Pick<ApiServices, "people" | "sessions" | "chats">,
): void {
  const signOut = async (person: PersonId, actor: string): Promise<void> => {
    await sessions.endAll(person, actor);
    chats.disconnect(person);
  };
  app.openapi(listPeople, async (context) => context.json({ people: [...(await people.list())] }, 200));
  app.openapi(createPerson, async (context) => {
    const caller = callerOf(context);
    const request = context.req.valid("json");
    demand(caller, "person.manage", { role: request.role });
    return context.json(await people.create(request, caller.actor), 200);
  });
  app.openapi(updatePerson, async (context) => {
    const caller = callerOf(context);
    const { id } = context.req.valid("param");
    const request = context.req.valid("json");
    await demandOver(people, caller, "person.manage", id);
    if (request.role !== undefined) {
      await demandOver(people, caller, "role.change", id);
      demand(caller, "role.change", { person: id as PersonId, role: request.role });
    }
    // Before an unblocking, too: a session that outlived the blocking (a crash between the two) must not come back.
    if (request.isBlocked === false && (await people.get(id)).isBlocked) await signOut(id as PersonId, caller.actor);
    const person = await people.update(id, request, caller.actor);
    if (person.isBlocked) await signOut(id as PersonId, caller.actor);
    return context.json(person, 200);
  });
  app.openapi(removePerson, async (context) => {
    const caller = callerOf(context);
    const { id } = context.req.valid("param");
    await demandOver(people, caller, "data.erase", id);
    await people.remove(id, caller.actor);
    // Their sessions went with them.
    chats.disconnect(id as PersonId);
    return context.body(null, 204);
  });
}
