// SPDX-License-Identifier: AGPL-3.0-only
import { createHash, timingSafeEqual } from "node:crypto";

/**
 * The name of the session cookie. With TLS it has the `__Host-` prefix, which binds it to this host, the root path and
 * HTTPS; browsers refuse that prefix over plain HTTP, so there it has none. Cookies are shared between the ports of a
 * host: other programs' pages on the same host are kept out by the guard's Origin and Sec-Fetch-Site checks.
 */
export function sessionCookieName(isTls: boolean): string {
  return isTls ? "__Host-hearth_session" : "hearth_session";
}

/** The Set-Cookie value that begins (or, with an empty token, ends) a session. */
export function sessionCookie(isTls: boolean, token: string, maxAgeSeconds: number): string {
  const secure = isTls ? "; Secure" : "";
  const maxAge = Math.max(0, Math.floor(maxAgeSeconds));
  return `${sessionCookieName(isTls)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
}

/** The session's token in a Cookie header; null when there is none or more than one. */
export function readSessionCookie(header: string | undefined, isTls: boolean): string | null {
  const name = sessionCookieName(isTls);
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.trim().split("="))
    .filter((pair) => pair[0] === name)
    .map((pair) => pair[1] ?? "");
  const [token] = values;
  return values.length === 1 && token !== undefined && /^[\w-]{16,256}$/.test(token) ? token : null;
}

/**
 * The anti-forgery token of a session: a hash of the session's secret under its own label. Only the box's own page can
 * read it (`GET /api/session` is not readable across origins, and the cookie is HttpOnly), and nothing has to be stored.
 */
export function csrfTokenOf(sessionToken: string): string {
  return createHash("sha256").update(`hearth-csrf-v1:${sessionToken}`).digest("base64url");
}

/** Compares in constant time. */
export function isCsrfTokenRight(expected: string, given: string | undefined): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given ?? "");
  return left.length === right.length && timingSafeEqual(left, right);
}
