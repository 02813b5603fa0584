// SPDX-License-Identifier: AGPL-3.0-only
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { ApiServices } from "../api-services.ts";
import type { Caller } from "../caller.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { createLinkRequestSchema, linkSchema, sessionSchema, signInRequestSchema } from "../schemas/session.ts";
import { refuseGuessing } from "../security/refuse-guessing.ts";
import { csrfTokenOf, readSessionCookie, sessionCookie } from "../security/session-cookie.ts";
import { demandOver } from "./demand-over.ts";
import type { ApiRoutesOptions } from "./mount-api-routes.ts";
import { answers, callerOf, jsonBody, needsForSome, needsSignIn, noAnswer } from "./route-parts.ts";

const signIn = createRoute({
  operationId: "signIn",
  method: "post",
  path: "/api/session",
  summary: "Sign in with the token of a one-time link",
  security: [],
  request: { body: jsonBody(signInRequestSchema) },
  responses: answers(sessionSchema, "Signed in; the session is in the cookie"),
});
const readSession = createRoute({
  operationId: "readSession",
  method: "get",
  path: "/api/session",
  summary: "Who is signed in",
  middleware: needsSignIn(),
  responses: answers(sessionSchema, "The caller"),
});
const signOut = createRoute({
  operationId: "signOut",
  method: "delete",
  path: "/api/session",
  summary: "Sign out",
  middleware: needsSignIn(),
  responses: noAnswer("Signed out"),
});
const createLink = createRoute({
  operationId: "createLink",
  method: "post",
  path: "/api/links",
  summary: "Make a one-time sign-in link, for oneself or for a person",
  middleware: needsForSome("link.create"),
  request: { body: jsonBody(createLinkRequestSchema) },
  responses: answers(linkSchema, "The link; it signs in once", 404),
});

const refusals = {
  unknown: "This sign-in link is not known.",
  expired: "This sign-in link is too old.",
  used: "This sign-in link was used already.",
} as const;

/** Sign-in, sign-out and links. */
export function mountSessionRoutes(
  app: OpenAPIHono<HttpEnvironment>,
  { sessions, people, chats, currentModel }: Pick<ApiServices, "sessions" | "people" | "chats" | "currentModel">,
  { clock, baseUrl, failedAttempts }: Pick<ApiRoutesOptions, "clock" | "baseUrl" | "failedAttempts">,
): void {
  app.use("/api/session", async (context, next) => {
    await next();
    // Of what gets here, only a wrong token is answered so.
    if (context.req.method !== "POST" || context.res.status !== 403) return;
    const refusal = refuseGuessing(failedAttempts, context.env, context.req.path);
    if (refusal !== undefined) context.res = refusal;
  });
  app.openapi(signIn, async (context) => {
    const result = await sessions.redeem(context.req.valid("json").token);
    if (!result.isAllowed) {
      const remedy = "Make a new one with 'hearth open' on the box, or ask its owner.";
      throw new HearthError({
        code: `sign-in-link-${result.reason}-forbidden`,
        message: refusals[result.reason],
        remedy,
      });
    }
    const { sessionToken, person, expiresMs } = result;
    const maxAgeSeconds = (expiresMs - clock.now()) / 1000;
    context.header("set-cookie", sessionCookie(context.env.isTls, sessionToken, maxAgeSeconds));
    const session = { person, csrfToken: csrfTokenOf(sessionToken), expiresMs, via: "session" } as const;
    return context.json(toSession(session, currentModel), 200);
  });
  app.openapi(readSession, (context) => context.json(toSession(callerOf(context), currentModel), 200));
  app.openapi(signOut, async (context) => {
    const token = readSessionCookie(context.req.header("cookie"), context.env.isTls);
    const caller = callerOf(context);
    if (caller.via === "session" && token !== null) {
      await sessions.end(token);
      chats.disconnect(caller.person.id);
    }
    context.header("set-cookie", sessionCookie(context.env.isTls, "", 0));
    return context.body(null, 204);
  });
  app.openapi(createLink, async (context) => {
    const caller = callerOf(context);
    const personId = context.req.valid("json").personId ?? caller.person.id;
    await demandOver(people, caller, "link.create", personId);
    const { token, expiresMs } = await sessions.createLink(personId as PersonId, caller.actor);
    return context.json({ url: `${baseUrl()}/sign-in#${token}`, expiresMs }, 200);
  });
}

function toSession(
  { person, csrfToken, expiresMs, via }: Pick<Caller, "person" | "csrfToken" | "expiresMs" | "via">,
  currentModel: ApiServices["currentModel"],
) {
  const model = currentModel?.() ?? null;
  const { id, name, role } = person;
  return { person: { id, name, role }, csrfToken, expiresMs, via, ...(model !== null && { model }) };
}
