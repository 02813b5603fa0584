// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { HearthError } from "../../../shared/errors/index.ts";
import { memoryServices } from "./memory-services.ts";
import { asSession, controlSocket, fromNetwork, testApp } from "./testing.ts";

async function call(app: ReturnType<typeof testApp>["app"], method: string, path: string, body?: unknown) {
  const init = {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  };
  const response = await app.request(path, init, controlSocket);
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

describe("the box API", () => {
  test("every reading route answers what its schema says", async () => {
    const { app } = testApp();
    for (const path of [
      "/api/status",
      "/api/session",
      "/api/channels",
      "/api/channels/kinds",
      "/api/people",
      "/api/pairing",
      "/api/keys",
      "/api/models",
      "/api/knowledge",
      "/api/knowledge/search?q=hours",
      "/api/conversations",
      "/api/conversations/con_1",
      "/api/activity",
      "/api/decisions?limit=5",
      "/api/queues",
      "/api/audit",
      "/api/settings",
      "/api/doctor",
      "/api/logs?after=3",
    ]) {
      const { status, body } = await call(app, "GET", path);
      expect([path, status]).toEqual([path, 200]);
      expect(Object.keys(body).length).toBeGreaterThan(0);
    }
  });

  test("a channel is added with defaults, changed, restarted and removed, each in the owner's name", async () => {
    const { app, services } = testApp();
    const config = { secret: "s", callback: "http://127.0.0.1:1/" };
    const added = await call(app, "POST", "/api/channels", { kind: "webhook", name: "shop", config });
    expect(added).toMatchObject({ status: 200, body: { name: "shop", policy: "pairing", isEnabled: true } });
    expect((await call(app, "POST", "/api/channels", { kind: "webhook", name: "shop" })).status).toBe(409);
    const changed = await call(app, "PATCH", "/api/channels/shop", { policy: "anyone", isEnabled: false });
    expect(changed.body).toMatchObject({ policy: "anyone", isEnabled: false });
    expect((await call(app, "POST", "/api/channels/shop/restart")).status).toBe(200);
    expect((await call(app, "DELETE", "/api/channels/shop")).status).toBe(204);
    expect((await call(app, "DELETE", "/api/channels/shop")).status).toBe(404);
    expect(services.written).toEqual([
      "control-socket channel-created shop",
      "control-socket channel-updated shop",
      "control-socket channel-restarted shop",
      "control-socket channel-removed shop",
    ]);
  });

  test("people, pairing, keys, models, knowledge, settings and dead letters are changed", async () => {
    const { app, services } = testApp();
    expect((await call(app, "POST", "/api/people", { name: " Max " })).body).toMatchObject({
      name: "Max",
      role: "member",
    });
    expect((await call(app, "PATCH", "/api/people/per_member", { isBlocked: true })).body.isBlocked).toBe(true);
    expect((await call(app, "DELETE", "/api/people/per_operator")).status).toBe(204);
    expect((await call(app, "POST", "/api/pairing/approve", { code: "ABCD2345" })).body.role).toBe("member");
    expect((await call(app, "POST", "/api/pairing/approve", { code: "WRONG234" })).status).toBe(404);
    expect((await call(app, "POST", "/api/pairing/approve", { code: "ABCD2345", role: "owner" })).status).toBe(400);
    expect((await call(app, "POST", "/api/pairing/deny", { id: "pai_1" })).status).toBe(204);
    const key = await call(app, "POST", "/api/keys", { name: "bot", expiresInDays: 1 });
    expect(key.body).toMatchObject({ scopes: ["models", "agent"], expiresMs: 1_767_225_600_000 + 86_400_000 });
    expect(key.body.key).toStartWith("hk_");
    expect((await call(app, "DELETE", "/api/keys/key_member")).status).toBe(204);
    expect((await call(app, "POST", "/api/models/use", { model: "tiny" })).body.id).toBe("tiny");
    expect((await call(app, "DELETE", "/api/models/old")).status).toBe(204);
    expect((await call(app, "POST", "/api/knowledge", { title: "FAQ", text: "We open at nine." })).status).toBe(200);
    expect((await call(app, "DELETE", "/api/knowledge/kno_2")).status).toBe(204);
    expect((await call(app, "PUT", "/api/settings", { language: "zh" })).body).toMatchObject({
      language: "zh",
      boxName: "Hearth",
    });
    expect((await call(app, "POST", "/api/queues/dead/out_dead/retry")).status).toBe(204);
    expect((await call(app, "POST", "/api/queues/dead/gone/retry")).status).toBe(404);
    expect((await call(app, "POST", "/api/audit/verify")).body.isIntact).toBe(true);
    expect(services.written.filter((line) => !line.startsWith("chats"))).toHaveLength(14);
  });

  test("a request that does not fit is a 400 that names the place and not the value", async () => {
    const { app, services } = testApp();
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ["POST", "/api/channels", { kind: "webhook", name: "Not A Name SECRET" }, "name"],
      ["POST", "/api/channels", { kind: "webhook", name: "a", surprise: 1 }, "surprise"],
      ["POST", "/api/people", { name: "x", role: "king" }, "role"],
      ["POST", "/api/people", { name: "" }, "name"],
      ["POST", "/api/keys", { name: "x", scopes: ["everything"] }, "scopes"],
      ["POST", "/api/keys", {}, "name"],
      ["PUT", "/api/settings", { language: "fr" }, "language"],
      ["PUT", "/api/settings", { allowedHosts: ["a b"] }, "allowedHosts"],
      ["GET", "/api/conversations?limit=9999", undefined, "limit"],
      ["GET", "/api/knowledge/search", undefined, "q"],
      ["GET", "/api/logs?after=-1", undefined, "after"],
    ];
    for (const [method, path, body, place] of cases) {
      const { status, body: answer } = await call(app, method, path, body);
      expect([path, status]).toEqual([path, 400]);
      expect(answer.error.code).toBe("invalid-request");
      expect(answer.error.message).toContain(place);
      expect(answer.error.message).not.toContain("SECRET");
    }
    expect(services.written).toEqual([]);
  });

  test("a refusal is a plain sentence with the field and what is expected, for whoever reads it", async () => {
    const { app } = testApp();
    const cases: readonly (readonly [string, string, unknown, string])[] = [
      ["POST", "/api/people", {}, "'name' is missing; it must be a text."],
      ["POST", "/api/people", { name: 5 }, "'name' must be a text."],
      ["POST", "/api/people", { name: " " }, "'name' must not be empty."],
      ["POST", "/api/people", { name: "x".repeat(129) }, "'name' must have at most 128 characters."],
      ["POST", "/api/people", { name: "x", role: "king" }, "'role' must be one of owner, operator, member, guest."],
      [
        "POST",
        "/api/people",
        { name: "x", identities: [{ channel: "c" }] },
        "'identities[0].address' is missing; it must be a text.",
      ],
      ["POST", "/api/people", [], "The body must be an object."],
      ["POST", "/api/people", { name: "x", surprise: 1 }, "'surprise' is not part of this request."],
      ["POST", "/api/keys", { name: "x", scopes: [] }, "'scopes' must have at least one entry."],
      ["POST", "/api/keys", { name: "x", expiresInDays: 1.5 }, "'expiresInDays' must be a whole number."],
      ["POST", "/api/keys", { name: "x", expiresInDays: 5000 }, "'expiresInDays' must be at most 3650."],
      ["POST", "/api/channels", { kind: "x", name: "A" }, "'name': lower-case letters, digits and -, at most 32."],
      ["POST", "/api/pairing/deny", {}, "'code' is missing; it must be a text."],
      ["POST", "/api/knowledge", { path: "" }, "'path' must not be empty."],
      ["GET", "/api/decisions?limit=many", undefined, "'limit' must be a number."],
      ["GET", "/api/logs?after=-1", undefined, "'after' must be at least 0."],
      ["GET", "/api/conversations?before=zzz", undefined, "'before' is not part of this request."],
      ["GET", "/api/conversations?after=zzz", undefined, "'after': it must be the 'next' of the page before."],
      ["GET", "/api/conversations/con_1?after=zzz", undefined, "'after': it must be the 'next' of the page before."],
      ["GET", "/api/audit?after=zzz", undefined, "'after': it must be the 'next' of the page before."],
      ["GET", "/api/audit?before=5", undefined, "'before' is not part of this request."],
      ["GET", "/api/logs?before=5", undefined, "'before' is not part of this request."],
    ];
    for (const [method, path, body, message] of cases) {
      const answer = await call(app, method, path, body);
      expect([method, path, answer.status, answer.body.error.message]).toEqual([method, path, 400, message]);
      expect(answer.body.error.remedy).toContain("--help");
    }
    expect((await call(app, "GET", "/api/audit?after=17&limit=2")).status).toBe(200);
    expect((await call(app, "GET", "/api/conversations?after=1767225600000.00ff")).status).toBe(200);
  });

  test("a body that is not JSON, or not said to be, is refused", async () => {
    const { app, services } = testApp();
    const headers = { ...asSession(services, services.persons.owner), "content-type": "application/json" };
    const broken = await app.request("/api/people", { method: "POST", headers, body: "{" }, fromNetwork());
    expect([broken.status, ((await broken.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      "invalid-json",
    ]);
    for (const contentType of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
      "application/json; =",
    ]) {
      const init = { method: "POST", headers: { ...headers, "content-type": contentType }, body: '{"name":"Max"}' };
      expect((await app.request("/api/people", init, fromNetwork())).status).toBe(415);
      const { body: _, ...bodiless } = init;
      expect((await app.request("/api/people", bodiless, fromNetwork())).status).toBe(415);
    }
    expect(services.written).toEqual([]);
  });

  test("an unexpected error keeps its words to itself", async () => {
    const status = {
      read: () => {
        throw new Error("secret path");
      },
    };
    const { app } = testApp({ status });
    const { status: code, body } = await call(app, "GET", "/api/status");
    expect([code, body.error.code]).toEqual([500, "internal"]);
    expect(JSON.stringify(body)).not.toContain("secret");
  });

  test("a typed error has its status, its words and its remedy", async () => {
    const cases = {
      "person-not-found": 404,
      "person-unknown": 404,
      "address-taken": 409,
      "last-owner": 409,
      "engine-unavailable": 503,
    };
    for (const [code, expected] of Object.entries(cases)) {
      const services = memoryServices();
      services.people.list = () => {
        throw new HearthError({ code, message: "what happened", remedy: "what to do" });
      };
      const { app } = testApp({ people: services.people });
      const { status, body } = await call(app, "GET", "/api/people");
      expect([code, status]).toEqual([code, expected]);
      expect(body).toEqual({ error: { code, message: "what happened", remedy: "what to do" } });
    }
  });
});

describe("the API's description", () => {
  test("is OpenAPI 3.1, names every schema it refers to, and covers every route", async () => {
    const { app } = testApp();
    const { body: document } = await call(app, "GET", "/api/openapi.json");
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: "Hearth box API", version: "0.1.0" });
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1],
    );
    expect(references.length).toBeGreaterThan(50);
    for (const name of references) expect(document.components.schemas).toHaveProperty(name as string);
    const described = new Set(
      Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    );
    const undescribed = app.routes
      .filter(({ path, method }) => path.startsWith("/api/") && !path.includes("*") && method !== "ALL")
      .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)
      .filter((route) => !described.has(route));
    expect([...new Set(undescribed)].sort()).toEqual([
      "GET /api/activity/stream",
      "GET /api/chat/socket",
      "GET /api/openapi.json",
    ]);
  });
});
