// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import type { ConsoleAsset, ConsoleAssets } from "./console-assets.ts";
import { consolePageNames } from "./console-pages.ts";

/**
 * What the console's pages may do: load their own script and style, talk to their own box, and nothing else. No inline
 * script or style, no frames in either direction, no string that becomes HTML.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const pageHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

interface ServedAsset extends ConsoleAsset {
  readonly etag: string;
  /** Made at the first request that wants it, then kept. */
  gzip?: Uint8Array;
}

function respond(context: Context, asset: ServedAsset, cacheControl: string): Response {
  const headers: Record<string, string> = {
    ...pageHeaders,
    "cache-control": cacheControl,
    "content-type": asset.contentType,
    etag: asset.etag,
    vary: "accept-encoding",
  };
  if (context.req.header("if-none-match") === asset.etag) return new Response(null, { status: 304, headers });
  if (/\bgzip\b/.test(context.req.header("accept-encoding") ?? "")) {
    asset.gzip ??= Bun.gzipSync(new Uint8Array(asset.bytes));
    return new Response(new Uint8Array(asset.gzip), { headers: { ...headers, "content-encoding": "gzip" } });
  }
  return new Response(new Uint8Array(asset.bytes), { headers });
}

/**
 * Serves the console: its hashed files, which never change, and its one page for each address that is the console's
 * own. Everything else is left to the application that mounts this.
 */
export function createConsoleRoutes(assets: ConsoleAssets): Hono {
  const served = new Map<string, ServedAsset>();
  for (const [path, asset] of assets) {
    const hash = createHash("sha256").update(asset.bytes).digest("base64url").slice(0, 22);
    served.set(path, { ...asset, etag: `W/"${hash}"` });
  }
  const routes = new Hono();
  const page = served.get("index.html");
  if (page !== undefined) {
    const addresses = ["/", ...consolePageNames.flatMap((name) => [`/${name}`, `/${name}/:item`])];
    for (const address of addresses) routes.get(address, (context) => respond(context, page, "no-store"));
  }
  routes.get("/assets/:name", (context, next) => {
    const asset = served.get(`assets/${context.req.param("name")}`);
    return asset === undefined ? next() : respond(context, asset, "public, max-age=31536000, immutable");
  });
  return routes;
}
