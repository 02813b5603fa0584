// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { type ConsoleAssets, contentSecurityPolicy, createConsoleRoutes } from "./index.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const assets: ConsoleAssets = new Map([
  ["index.html", { bytes: encode("<!doctype html>page"), contentType: "text/html; charset=utf-8" }],
  ["assets/main-1a2b.js", { bytes: encode("let a;".repeat(100)), contentType: "text/javascript; charset=utf-8" }],
]);
const routes = createConsoleRoutes(assets);

describe("the console's routes", () => {
  test("send the page for each address of the console, never to be stored", async () => {
    for (const path of ["/", "/chat", "/conversations/abc", "/settings", "/sign-in"]) {
      const response = await routes.request(path);
      expect(await response.text()).toBe("<!doctype html>page");
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  test("leave every other address to the application", async () => {
    for (const path of [
      "/api/status",
      "/v1/models",
      "/nothing",
      "/assets/none.js",
      "/assets/..%2findex.html",
      "/chat/a/b",
    ]) {
      expect((await routes.request(path)).status).toBe(404);
    }
    expect((await routes.request("/chat", { method: "POST" })).status).toBe(404);
  });

  test("let hashed files be kept for ever", async () => {
    const response = await routes.request("/assets/main-1a2b.js");
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  });

  test("answer a known etag with 304 and no body", async () => {
    const etag = (await routes.request("/assets/main-1a2b.js")).headers.get("etag") ?? "";
    const response = await routes.request("/assets/main-1a2b.js", { headers: { "if-none-match": etag } });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
  });

  test("send gzip to who takes it, and the same bytes otherwise", async () => {
    const packed = await routes.request("/assets/main-1a2b.js", { headers: { "accept-encoding": "br, gzip" } });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    const bytes = Bun.gunzipSync(new Uint8Array(await packed.arrayBuffer()));
    expect(new TextDecoder().decode(bytes)).toBe(await (await routes.request("/assets/main-1a2b.js")).text());
  });

  test("forbid everything but the console's own files, on each answer", async () => {
    for (const path of ["/", "/assets/main-1a2b.js"]) {
      const { headers } = await routes.request(path);
      expect(headers.get("content-security-policy")).toBe(contentSecurityPolicy);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-frame-options")).toBe("DENY");
    }
    expect(contentSecurityPolicy).not.toContain("unsafe");
  });
});
