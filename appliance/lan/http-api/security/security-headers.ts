// SPDX-License-Identifier: AGPL-3.0-only
import type { MiddlewareHandler } from "hono";
import type { HttpEnvironment } from "../http-environment.ts";

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const fixedHeaders: readonly (readonly [string, string])[] = [
  ["content-security-policy", contentSecurityPolicy],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=()"],
  ["cache-control", "no-store"],
];

/**
 * Headers of every answer, errors included. A page that brings its own keeps it (the console's policy is stricter).
 * What may be stored says so itself; everything else is not stored.
 */
export function securityHeaders(): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    await next();
    for (const [name, value] of fixedHeaders) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
    }
    if (context.env.isTls) context.res.headers.set("strict-transport-security", "max-age=31536000");
  };
}
