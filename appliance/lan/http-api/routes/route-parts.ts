// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { HearthError } from "../../../../shared/errors/index.ts";
import type { Action, Resource } from "../../../gateway/access-control/index.ts";
import type { Caller } from "../caller.ts";
import { decideFor } from "../decide-for.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { notSignedIn } from "../not-signed-in.ts";
import { apiErrorSchema, idSchema } from "../schemas/common.ts";
import { type FailureStatus, failureTexts } from "./describe-failures.ts";

/** The caller of a route that needs one. @throws HearthError `not-signed-in`. */
export function callerOf(context: Context<HttpEnvironment>): Caller {
  const caller = context.get("caller");
  if (caller !== null) return caller;
  throw notSignedIn();
}

/** Lets through only callers who may do this whoever it concerns: before the body is even parsed. */
export function needs(action: Action): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    demand(callerOf(context), action);
    return next();
  };
}

/**
 * Lets through callers who may do this to somebody at least: themselves, or a guest. The route itself then
 * {@link demand}s it for whom it really concerns.
 */
export function needsForSome(action: Action): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    const caller = callerOf(context);
    demand(caller, action, { person: caller.person.id, role: "guest" });
    return next();
  };
}

/** Lets through whoever is signed in, with any key as well. */
export function needsSignIn(): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    callerOf(context);
    return next();
  };
}

/** Refuses what the policy does not allow. @throws HearthError `forbidden`, with the policy's explanation. */
export function demand(caller: Caller, action: Action, resource: Resource = {}): void {
  const decision = decideFor(caller, action, resource);
  if (!decision.isAllowed) throw forbidden(`Not allowed: ${decision.explanation}.`);
}

/** A 403 with its reason. */
export function forbidden(message: string): HearthError {
  return new HearthError({ code: "forbidden", message, remedy: "Ask the owner of the box." });
}

const errorContent = { "application/json": { schema: apiErrorSchema } };
/** What any route may answer; {@link describeFailures} adds what follows from a route's path and body. */
const failures = {
  400: { description: failureTexts[400], content: errorContent },
  401: { description: failureTexts[401], content: errorContent },
  403: { description: failureTexts[403], content: errorContent },
  421: { description: failureTexts[421], content: errorContent },
  429: { description: failureTexts[429], content: errorContent },
  500: { description: failureTexts[500], content: errorContent },
  503: { description: failureTexts[503], content: errorContent },
};

/** The answers of a route that gives JSON; `also`: what it may answer besides what its path and body say. */
export function answers<Schema extends z.ZodType>(schema: Schema, description: string, ...also: FailureStatus[]) {
  return { 200: { description, content: { "application/json": { schema } } }, ...failures, ...describe(also) };
}

/** The answers of a route that gives nothing back. */
export function noAnswer(description: string, ...also: FailureStatus[]) {
  return { 204: { description }, ...failures, ...describe(also) };
}

/** As an object without known keys: a route's handler gives none of these itself, so its type stays strict. */
function describe(statuses: readonly FailureStatus[]): object {
  return Object.fromEntries(
    statuses.map((status) => [status, { description: failureTexts[status], content: errorContent }]),
  );
}

/** A JSON body. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { "application/json": { schema } }, required: true } as const;
}

/** `{id}` in the path. */
export const idParams = z.object({ id: idSchema });
