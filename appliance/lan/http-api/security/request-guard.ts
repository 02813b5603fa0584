// SPDX-License-Identifier: AGPL-3.0-only
import type { Context, MiddlewareHandler } from "hono";
import { apiErrorResponse } from "../api-error.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { type HostPolicy, isHostAllowed, isSameOrigin } from "./host-policy.ts";

/**
 * The first thing a request meets. Names that are not the box's own are refused (DNS rebinding), and so is whatever
 * another page's script, form, picture or frame sends, key or no key: only a link that somebody follows may come from
 * another site. The control socket is the operating system's business.
 */
export function requestGuard(policy: () => HostPolicy): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    if (context.env.peer.kind === "control-socket") return next();
    const host = context.req.header("host");
    if (host === undefined || !isHostAllowed(policy(), host)) {
      return apiErrorResponse(421, {
        code: "host-not-allowed",
        message: "This box does not answer under the name it was called by.",
        remedy: "Use its address, or add the name to allowedHosts in the settings.",
      });
    }
    if (isForeign(context, host)) {
      return apiErrorResponse(403, {
        code: "foreign-origin",
        message: "Requests from other web pages are refused.",
        remedy: "Open the console of the box itself.",
      });
    }
    return next();
  };
}

function isForeign(context: Context<HttpEnvironment>, host: string): boolean {
  const origin = context.req.header("origin");
  if (origin !== undefined && !isSameOrigin(origin, host)) return true;
  const site = context.req.header("sec-fetch-site");
  if (site === undefined || site === "same-origin" || site === "none") return false;
  const isFollowedLink =
    context.req.method === "GET" &&
    context.req.header("sec-fetch-mode") === "navigate" &&
    context.req.header("sec-fetch-dest") === "document";
  return !isFollowedLink || isProgrammatic(context.req.path);
}

/** Paths that no link leads to. */
function isProgrammatic(path: string): boolean {
  return /^\/(api|v1|hooks|metrics)(\/|$)/.test(path);
}
