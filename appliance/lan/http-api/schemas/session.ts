// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "@hono/zod-openapi";

import { idSchema, roleSchema, timeMsSchema } from "./common.ts";

/** `POST /api/session`: exchanges a one-time sign-in link's token for a session cookie. */
export const signInRequestSchema = z.object({ token: z.string().min(8).max(256) }).openapi("SignInRequest");
export type SignInRequest = z.infer<typeof signInRequestSchema>;

/** `GET /api/session`, and the answer to a sign-in. */
export const sessionSchema = z
  .object({
    person: z.object({ id: z.string(), name: z.string(), role: roleSchema }),
    /** To be sent as `X-Hearth-Csrf` with every request that is not GET or HEAD. Empty for a key or the control socket. */
    csrfToken: z.string(),
    expiresMs: timeMsSchema.nullable(),
    /** How this caller proved who it is. */
    via: z.enum(["session", "key", "control-socket"]),
    /** The model that answers now, told to everybody who may chat; absent while none is loaded. */
    model: z.object({ id: z.string(), isGuide: z.boolean() }).optional(),
  })
  .openapi("Session");
export type Session = z.infer<typeof sessionSchema>;

/** `POST /api/links`: a one-time sign-in link, for the caller or for somebody whom they may act for. */
export const createLinkRequestSchema = z.object({ personId: idSchema.optional() }).openapi("CreateLinkRequest");
export type CreateLinkRequest = z.infer<typeof createLinkRequestSchema>;

export const linkSchema = z
  .object({
    /** `<address of the box>/sign-in#<token>`: the token is in the fragment, so no server or proxy logs it. */
    url: z.string(),
    expiresMs: timeMsSchema,
  })
  .openapi("Link");
export type Link = z.infer<typeof linkSchema>;
