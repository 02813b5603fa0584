// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import type { HttpConnection } from "./index.ts";
import { asKey, asSession, controlSocket, fromNetwork, testApp } from "./testing.ts";

describe("nothing is open", () => {
  test("every route of the API's description refuses a stranger, but the sign-in", async () => {
    const { app } = testApp();
    const document = (await (await app.request("/api/openapi.json", {}, controlSocket)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const open: string[] = [];
    let count = 0;
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        count += 1;
        const url = path.replaceAll(/\{\w+\}/g, "x");
        const init = {
          method: method.toUpperCase(),
          headers: { host: "localhost", "content-type": "application/json" },
        };
        const response = await app.request(url, init, fromNetwork());
        if (response.status !== 401) open.push(`${method} ${path} ${response.status}`);
      }
    }
    expect(count).toBeGreaterThan(40);
    expect(open).toEqual(["post /api/session 400"]);
  });

  test("what does not exist under /api is not told apart by a stranger", async () => {
    const { app } = testApp();
    const response = await app.request("/api/nothing", { headers: { host: "localhost" } }, fromNetwork());
    expect(response.status).toBe(401);
  });

  test("no spelling of a path leads around the gate", async () => {
    const { app } = testApp();
    for (const path of [
      "/%61pi/people",
      "/api%2Fpeople",
      "//api/people",
      "/api//people",
      "/./api/people",
      "/x/../api/people",
      "/api/people/",
      "/API/people",
      "/v1/%2e%2e/api/people",
      "/api;x/people",
    ]) {
      const response = await app.request(path, { headers: { host: "localhost" } }, fromNetwork());
      expect([path, [401, 404].includes(response.status)]).toEqual([path, true]);
      expect(await response.text()).not.toContain("Olga");
    }
  });

  test("health is for everybody and says nothing else", async () => {
    const { app } = testApp();
    const health = await app.request("/healthz", { headers: { host: "localhost" } }, fromNetwork("203.0.113.9"));
    expect(await health.json()).toEqual({ status: "ok" });
    const ready = await app.request("/readyz", { headers: { host: "localhost" } }, fromNetwork("203.0.113.9"));
    expect(await ready.json()).toEqual({ status: "ready" });
  });

  test("a box that cannot answer is not ready and says why", async () => {
    const { app } = testApp({ readiness: { read: () => ({ isReady: false, problem: "the model is loading" }) } });
    const response = await app.request("/readyz", { headers: { host: "localhost" } }, fromNetwork());
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: { code: "not-ready", message: "the model is loading" } });
  });
});

describe("names and pages", () => {
  const get = (headers: Record<string, string>, connection: HttpConnection = fromNetwork()) =>
    testApp().app.request("/healthz", { headers }, connection);

  test("a name that somebody rebound to this address is refused", async () => {
    for (const host of [
      "evil.example",
      "localhost.evil.example",
      "localhost, evil.example",
      "evil.example:7411",
      "",
      "10.0.0.5",
    ]) {
      expect([host, (await get({ host })).status]).toEqual([host, 421]);
    }
    expect((await get({})).status).toBe(421);
    for (const host of ["localhost", "LOCALHOST:7411", "127.0.0.1:7411", "[::1]:80", "hearth-1a2b.local"]) {
      expect([host, (await get({ host })).status]).toEqual([host, 200]);
    }
  });

  test("another page gets nothing, however it asks", async () => {
    const host = "127.0.0.1:7411";
    const foreign: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://127.0.0.1:3000" },
      { origin: "http://localhost:7411" },
      { origin: "file://" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
      { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ];
    for (const headers of foreign) {
      const response = await get({ host, ...headers });
      expect([headers, response.status]).toEqual([headers, 403]);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await get({ host, origin: "http://127.0.0.1:7411" })).status).toBe(200);
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect((await get({ host, ...link })).status).toBe(200);
  });

  test("no link leads into the API", async () => {
    const { app } = testApp();
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const response = await app.request("/api/status", { headers: { host: "localhost", ...link } }, fromNetwork());
    expect(response.status).toBe(403);
  });

  test("a foreign page is refused even with a right key, and so is a preflight", async () => {
    const { app, services } = testApp();
    const headers = { ...asKey(services, ["admin"]), origin: "https://evil.example" };
    expect((await app.request("/v1/models", { headers }, fromNetwork())).status).toBe(403);
    const preflight = { method: "OPTIONS", headers: { ...headers, "access-control-request-method": "POST" } };
    expect((await app.request("/v1/models", preflight, fromNetwork())).status).toBe(403);
  });

  test("every answer carries the headers that keep pages apart", async () => {
    const { app } = testApp();
    for (const path of ["/healthz", "/api/status", "/v1/models", "/nothing"]) {
      const { headers } = await app.request(path, { headers: { host: "localhost" } }, fromNetwork());
      expect(headers.get("content-security-policy")).toContain("script-src 'self'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });
});

describe("sessions", () => {
  test("a link signs in once, with a cookie that scripts and other sites cannot use", async () => {
    const { app, services } = testApp();
    services.links.set("link-token-1", services.persons.owner);
    const headers = { host: "localhost", "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify({ token: "link-token-1" }) };
    const response = await app.request("/api/session", init, fromNetwork());
    expect(response.status).toBe(200);
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^hearth_session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/);
    const session = (await response.json()) as { csrfToken: string; person: { role: string } };
    expect(session.person.role).toBe("owner");
    expect(session.csrfToken.length).toBeGreaterThan(40);
    expect((await app.request("/api/session", init, fromNetwork())).status).toBe(403);
    const signedIn = { headers: { host: "localhost", cookie: cookie.split(";")[0] ?? "" } };
    expect((await app.request("/api/session", signedIn, fromNetwork())).status).toBe(200);
  });

  test("with TLS the cookie is bound to the host", async () => {
    const { app, services } = testApp();
    services.links.set("link-token-1", services.persons.owner);
    const headers = { host: "localhost", "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify({ token: "link-token-1" }) };
    const response = await app.request("/api/session", init, { ...fromNetwork(), isTls: true });
    const cookie = response.headers.get("set-cookie");
    expect(cookie).toMatch(/^__Host-hearth_session=.*; Path=\/; HttpOnly; SameSite=Strict; .*; Secure$/);
  });

  test("guessing links is slowed by the socket's address, whatever the headers claim", async () => {
    const { app, services, clock } = testApp();
    const attempt = (address: string, forwardedFor: string, token = "wrong-token") => {
      const headers = { host: "localhost", "content-type": "application/json", "x-forwarded-for": forwardedFor };
      return app.request(
        "/api/session",
        { method: "POST", headers, body: JSON.stringify({ token }) },
        fromNetwork(address),
      );
    };
    for (let index = 0; index < 20; index++) expect((await attempt("127.0.0.1", `10.0.0.${index}`)).status).toBe(403);
    const refused = await attempt("127.0.0.1", "10.0.0.99");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("3");
    expect(await refused.json()).toMatchObject({ error: { code: "rate-limited", remedy: expect.any(String) } });
    expect((await attempt("192.0.2.8", "10.0.0.1")).status).toBe(403);
    // Somebody on the same address who has the right link is not held up by it, and does not use the limit up.
    for (let index = 0; index < 30; index++) {
      services.links.set("link-token-1", services.persons.owner);
      expect((await attempt("127.0.0.1", "10.0.0.1", "link-token-1")).status).toBe(200);
    }
    expect((await attempt("127.0.0.1", "10.0.0.1")).status).toBe(429);
    clock.advance(3000);
    expect((await attempt("127.0.0.1", "10.0.0.1")).status).toBe(403);
  });

  test("guessing keys is slowed by the socket's address, and a right key is never refused for it", async () => {
    const { app, services, clock } = testApp();
    const right = asKey(services, ["admin", "models"]);
    const ask = (path: string, headers: Record<string, string>) => app.request(path, { headers }, fromNetwork());
    const wrong = { host: "localhost", authorization: "Bearer hk_wrong-key" };
    for (let index = 0; index < 40; index++) expect((await ask("/v1/models", right)).status).toBe(200);
    const statuses: number[] = [];
    for (let index = 0; index < 60; index++) statuses.push((await ask("/v1/models", wrong)).status);
    expect(statuses).toEqual(Array.from({ length: 60 }, (_, index) => (index < 20 ? 401 : 429)));
    const refused = await ask("/v1/models", wrong);
    expect(refused.headers.get("retry-after")).toBe("3");
    expect(await refused.json()).toMatchObject({
      error: { type: "rate_limit_error", code: "too_many_wrong_keys", param: null },
    });
    const inApi = await ask("/api/status", wrong);
    expect([inApi.status, ((await inApi.json()) as { error: object }).error]).toMatchObject([
      429,
      { code: "rate-limited" },
    ]);
    expect([(await ask("/v1/models", right)).status, (await ask("/api/status", right)).status]).toEqual([200, 200]);
    // Who sends no key at all has guessed nothing.
    expect((await ask("/v1/models", { host: "localhost" })).status).toBe(401);
    clock.advance(3000);
    expect((await ask("/v1/models", wrong)).status).toBe(401);
  });

  test("a write without the session's token, or with another session's, is refused", async () => {
    const { app, services } = testApp();
    const owner = asSession(services, services.persons.owner);
    const member = asSession(services, services.persons.member);
    const post = (headers: Record<string, string>) =>
      app.request("/api/audit/verify", { method: "POST", headers }, fromNetwork());
    const { "x-hearth-csrf": _, ...withoutToken } = owner;
    expect((await post(withoutToken)).status).toBe(403);
    expect((await post({ ...owner, "x-hearth-csrf": member["x-hearth-csrf"] })).status).toBe(403);
    expect((await post({ ...owner, "x-hearth-csrf": "" })).status).toBe(403);
    expect((await post(owner)).status).toBe(200);
  });

  test("two session cookies are none", async () => {
    const { app, services } = testApp();
    const headers = asSession(services, services.persons.owner);
    const twice = { ...headers, cookie: `hearth_session=planted-by-another-port; ${headers.cookie}` };
    expect((await app.request("/api/session", { headers: twice }, fromNetwork())).status).toBe(401);
  });

  test("signing out, being blocked and being forgotten end a person's web chat", async () => {
    const { app, services } = testApp();
    const owner = { ...asSession(services, services.persons.owner), "content-type": "application/json" };
    const change = (body: object) =>
      app.request(
        "/api/people/per_member",
        { method: "PATCH", headers: owner, body: JSON.stringify(body) },
        fromNetwork(),
      );
    await change({ name: "Mia B." });
    await change({ isBlocked: true });
    await app.request("/api/people/per_operator", { method: "DELETE", headers: owner }, fromNetwork());
    await app.request("/api/session", { method: "DELETE", headers: owner }, fromNetwork());
    expect(services.written.filter((line) => line.startsWith("chats"))).toEqual([
      "chats disconnected per_member",
      "chats disconnected per_operator",
      "chats disconnected per_owner",
    ]);
  });

  test("being blocked ends a person's sessions for good", async () => {
    const { app, services } = testApp();
    const owner = { ...asSession(services, services.persons.owner), "content-type": "application/json" };
    const member = asSession(services, services.persons.member);
    const block = (isBlocked: boolean) => {
      const init = { method: "PATCH", headers: owner, body: JSON.stringify({ isBlocked }) };
      return app.request("/api/people/per_member", init, fromNetwork());
    };
    const statusOf = async (headers: Record<string, string>) =>
      (await app.request("/api/session", { headers }, fromNetwork())).status;
    expect(await statusOf(member)).toBe(200);
    await block(true);
    // One that a crash left behind, between the blocking and its end.
    const leftBehind = asSession(services, services.persons.member);
    await block(false);
    expect([await statusOf(member), await statusOf(leftBehind), await statusOf(owner)]).toEqual([401, 401, 200]);
    expect(services.written.filter((line) => line.includes("sessions-ended"))).toHaveLength(2);
  });

  test("signing out ends the session", async () => {
    const { app, services } = testApp();
    const headers = asSession(services, services.persons.owner);
    const response = await app.request("/api/session", { method: "DELETE", headers }, fromNetwork());
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await app.request("/api/session", { headers }, fromNetwork())).status).toBe(401);
  });
});

describe("roles and scopes", () => {
  test("a member reads their own things and nothing of the box", async () => {
    const { app, services } = testApp();
    const headers = asSession(services, services.persons.member);
    const statusOf = async (path: string) => (await app.request(path, { headers }, fromNetwork())).status;
    expect(await statusOf("/api/session")).toBe(200);
    expect(await statusOf("/api/conversations")).toBe(200);
    for (const path of ["/api/status", "/api/people", "/api/audit", "/api/logs", "/api/pairing", "/api/settings"]) {
      expect([path, await statusOf(path)]).toEqual([path, 403]);
    }
  });

  test("another's conversation is as if it were not there", async () => {
    const { app, services } = testApp();
    const guest = { ...services.persons.member, id: services.persons.operator.id, role: "guest" as const };
    const headers = asSession(services, guest);
    expect((await app.request("/api/conversations/con_1", { headers }, fromNetwork())).status).toBe(404);
    const own = asSession(services, services.persons.member);
    expect((await app.request("/api/conversations/con_1", { headers: own }, fromNetwork())).status).toBe(200);
  });

  test("an operator cannot make, change, remove or act for an owner", async () => {
    const { app, services } = testApp();
    const headers = { ...asSession(services, services.persons.operator), "content-type": "application/json" };
    const call = async (method: string, path: string, body?: unknown) => {
      const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      return (await app.request(path, init, fromNetwork())).status;
    };
    expect(await call("POST", "/api/people", { name: "Eve", role: "owner" })).toBe(403);
    expect(await call("PATCH", "/api/people/per_operator", { role: "owner" })).toBe(403);
    expect(await call("PATCH", "/api/people/per_owner", { isBlocked: true })).toBe(403);
    expect(await call("DELETE", "/api/people/per_owner")).toBe(403);
    expect(await call("POST", "/api/links", { personId: "per_owner" })).toBe(403);
    expect(await call("POST", "/api/keys", { name: "k", personId: "per_owner", scopes: ["admin"] })).toBe(403);
    expect(await call("POST", "/api/pairing/approve", { code: "ABCD2345", personId: "per_owner" })).toBe(403);
    expect(await call("DELETE", "/api/keys/key_owner")).toBe(403);
    expect(await call("POST", "/api/people", { name: "Max", role: "member" })).toBe(200);
    expect(services.written).toEqual(["per_operator person-created per_4"]);
  });

  test("a key does what its scopes say and its person's role allows", async () => {
    const { app, services } = testApp();
    const cases = [
      { scopes: ["read"], person: "owner", get: 200, post: 403, metrics: 200 },
      { scopes: ["admin"], person: "owner", get: 200, post: 200, metrics: 200 },
      { scopes: ["admin"], person: "member", get: 403, post: 403, metrics: 403 },
      { scopes: ["models", "agent"], person: "owner", get: 403, post: 403, metrics: 403 },
      { scopes: ["metrics"], person: "owner", get: 403, post: 403, metrics: 200 },
      { scopes: ["metrics"], person: "member", get: 403, post: 403, metrics: 403 },
    ] as const;
    for (const { scopes, person, get, post, metrics } of cases) {
      const headers = asKey(services, scopes, services.persons[person]);
      const peer = fromNetwork("192.0.2.1");
      const found = {
        get: (await app.request("/api/people", { headers }, peer)).status,
        post: (await app.request("/api/channels/x/restart", { method: "POST", headers }, peer)).status,
        metrics: (await app.request("/metrics", { headers }, peer)).status,
      };
      expect({ scopes, person, ...found, post: found.post === 404 ? 200 : found.post }).toEqual({
        scopes,
        person,
        get,
        post,
        metrics,
      });
    }
  });

  test("a wrong key is nobody, even beside a right session", async () => {
    const { app, services } = testApp();
    const headers = { ...asSession(services, services.persons.owner), authorization: "Bearer hk_wrong-key" };
    expect((await app.request("/api/people", { headers }, fromNetwork())).status).toBe(401);
  });

  test("files of the box are named over the control socket only", async () => {
    const { app, services } = testApp();
    const body = JSON.stringify({ path: "/etc/passwd" });
    const headers = { ...asSession(services, services.persons.owner), "content-type": "application/json" };
    const init = { method: "POST", headers, body };
    expect((await app.request("/api/knowledge", init, fromNetwork())).status).toBe(403);
    expect((await app.request("/api/knowledge", init, controlSocket)).status).toBe(200);
    const model = { method: "POST", headers, body: JSON.stringify({ model: "/etc/passwd" }) };
    const refused = await app.request("/api/models/inspect", model, fromNetwork());
    expect(refused.status).toBe(404);
    expect(await refused.text()).not.toContain("/etc/passwd");
    expect((await app.request("/api/models/inspect", model, controlSocket)).status).toBe(200);
  });

  test("a scraper on this machine reads the metrics, a browser or a proxy on it does not", async () => {
    const { app } = testApp();
    const statusOf = async (headers: Record<string, string>, address = "127.0.0.1") =>
      (await app.request("/metrics", { headers: { host: "localhost", ...headers } }, fromNetwork(address))).status;
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({}, "::1")).toBe(200);
    expect(await statusOf({}, "192.0.2.1")).toBe(401);
    expect(await statusOf({ "x-forwarded-for": "192.0.2.1" })).toBe(401);
    expect(await statusOf({ origin: "http://localhost" })).toBe(401);
    expect(await statusOf({ authorization: "Bearer hk_wrong-key" })).toBe(401);
  });
});
