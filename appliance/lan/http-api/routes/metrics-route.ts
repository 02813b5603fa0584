// SPDX-License-Identifier: AGPL-3.0-only
import { type Context, Hono } from "hono";
import { apiErrorResponse } from "../api-error.ts";
import type { ApiServices } from "../api-services.ts";
import type { HttpEnvironment } from "../http-environment.ts";
import { demand } from "./route-parts.ts";

const loopbackPeers: readonly string[] = ["127.0.0.1", "::1", "::ffff:127.0.0.1"];
/** Headers that a program on this machine does not send, but a browser or a proxy in front of the box does. */
const signsOfOthers = ["origin", "sec-fetch-site", "x-forwarded-for", "forwarded", "via"] as const;

/**
 * `/metrics`: for owners and operators, for their keys with the scope `metrics`, `read` or `admin`, and for a scraper on
 * this machine (a loopback peer that is neither a browser nor a proxy). The figures name channels, never people.
 */
export function createMetricsRoute({ metrics }: Pick<ApiServices, "metrics">): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  routes.get("/metrics", async (context) => {
    const caller = context.get("caller");
    if (caller !== null) demand(caller, "metrics.read");
    else if (!isLocalScraper(context)) {
      return apiErrorResponse(401, {
        code: "not-signed-in",
        message: "The metrics need a key.",
        remedy: "Make one with 'hearth key create --name metrics --scope metrics'.",
      });
    }
    return context.body(await metrics.render(), 200, { "content-type": metrics.contentType });
  });
  return routes;
}

function isLocalScraper(context: Context<HttpEnvironment>): boolean {
  const { peer } = context.env;
  if (peer.kind !== "network" || context.req.header("authorization") !== undefined) return false;
  return loopbackPeers.includes(peer.address) && signsOfOthers.every((name) => context.req.header(name) === undefined);
}
