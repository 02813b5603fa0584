// SPDX-License-Identifier: AGPL-3.0-only
import type { Context, MiddlewareHandler } from "hono";
import type { RateLimiter } from "../../../gateway/rate-limit/index.ts";
import { apiErrorResponse } from "../api-error.ts";
import type { ApiKeyService, ConsoleSessionService, PeopleService } from "../api-services.ts";
import type { Caller } from "../caller.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { refuseGuessing } from "./refuse-guessing.ts";
import { csrfTokenOf, isCsrfTokenRight, readSessionCookie } from "./session-cookie.ts";

/** Where callers are looked up. */
export interface Authenticators {
  readonly keys: Pick<ApiKeyService, "authenticate">;
  readonly sessions: Pick<ConsoleSessionService, "find">;
  readonly people: Pick<PeopleService, "owner">;
  /** Counts wrong keys by the socket's address. */
  readonly failedAttempts: RateLimiter;
}

const safeMethods: readonly string[] = ["GET", "HEAD", "OPTIONS"];
export const csrfHeader = "x-hearth-csrf";

/**
 * Finds out who calls: the control socket is the owner, then a key, then a session. A request that carries an
 * Authorization header is a key's or nobody's. A session's write needs the session's anti-forgery token.
 */
export function authenticate(authenticators: Authenticators): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    const caller = await findCaller(context, authenticators);
    if (caller === null && context.req.header("authorization") !== undefined) {
      const refusal = refuseGuessing(authenticators.failedAttempts, context.env, context.req.path);
      if (refusal !== undefined) return refusal;
    }
    context.set("caller", caller);
    const isWrite = !safeMethods.includes(context.req.method);
    const isForged = caller?.via === "session" && !isCsrfTokenRight(caller.csrfToken, context.req.header(csrfHeader));
    if (isWrite && isForged) {
      return apiErrorResponse(403, {
        code: "csrf-token-invalid",
        message: "The request lacks the session's token, or has a wrong one.",
        remedy: "Send the csrfToken of GET /api/session as X-Hearth-Csrf.",
      });
    }
    return next();
  };
}

async function findCaller(
  context: Context<HttpEnvironment>,
  { keys, sessions, people }: Authenticators,
): Promise<Caller | null> {
  if (context.env.peer.kind === "control-socket") {
    const person = await people.owner();
    return {
      via: "control-socket",
      person,
      scopes: [],
      tenant: person.id,
      actor: "control-socket",
      csrfToken: "",
      expiresMs: null,
    };
  }
  const authorization = context.req.header("authorization");
  if (authorization !== undefined) {
    const key = /^Bearer ([\w-]{8,256})$/i.exec(authorization)?.[1];
    const found = key === undefined ? null : await keys.authenticate(key);
    if (found === null) return null;
    const { id, person, scopes, expiresMs } = found;
    return { via: "key", person, scopes, tenant: id, actor: id, csrfToken: "", expiresMs };
  }
  const token = readSessionCookie(context.req.header("cookie"), context.env.isTls);
  const session = token === null ? null : await sessions.find(token);
  if (token === null || session === null) return null;
  const { person, expiresMs } = session;
  const csrfToken = csrfTokenOf(token);
  return {
    via: "session",
    person,
    scopes: [],
    tenant: person.id,
    actor: person.id,
    csrfToken,
    expiresMs,
  };
}
