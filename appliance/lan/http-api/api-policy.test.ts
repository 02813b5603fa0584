// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { decideFor } from "./decide-for.ts";
import { type KeyScope, keyScopeSchema } from "./schemas/keys.ts";
import { asKey, asSession, controlSocket, fromNetwork, type MemoryServices, testApp } from "./testing.ts";

type Role = keyof MemoryServices["persons"];
const roles: readonly Role[] = ["owner", "operator", "member", "guest"];

const ownerOnly: readonly Role[] = ["owner"];
const running: readonly Role[] = ["owner", "operator"];
const known: readonly Role[] = ["owner", "operator", "member"];

/** Which scopes of a key open a route. */
const keys = { all: keyScopeSchema.options, read: ["read", "admin"], admin: ["admin"], none: [] } as const;

interface Row {
  /** Method, and the path as the router has it. */
  readonly route: string;
  /** The path that is asked, where it differs; `SELF` is the caller's id, `ROLE` their role. */
  readonly path?: string;
  readonly body?: unknown;
  readonly may: readonly Role[];
  readonly by: keyof typeof keys;
  /** What is answered to those who may not. */
  readonly refusal?: 404;
}

/** The rights of the whole API, written down by hand: nothing here is taken from the routes or the policy. */
const table: readonly Row[] = [
  { route: "GET /api/session", may: roles, by: "all" },
  { route: "DELETE /api/session", may: roles, by: "all" },
  { route: "GET /api/openapi.json", may: roles, by: "all" },
  { route: "GET /api/chat/socket", may: roles, by: "none" },
  { route: "POST /api/links", body: {}, may: known, by: "admin" },
  { route: "POST /api/links", body: { personId: "SELF" }, may: known, by: "admin" },
  { route: "POST /api/links", body: { personId: "per_guest" }, may: running, by: "admin" },
  { route: "POST /api/links", body: { personId: "per_operator" }, may: running, by: "admin" },
  { route: "POST /api/links", body: { personId: "per_owner" }, may: ownerOnly, by: "admin" },
  { route: "GET /api/status", may: running, by: "read" },
  { route: "GET /api/settings", may: running, by: "read" },
  { route: "PUT /api/settings", body: { boxName: "B" }, may: running, by: "admin" },
  { route: "GET /api/doctor", may: running, by: "read" },
  { route: "GET /api/logs", may: running, by: "read" },
  { route: "GET /api/channels", may: running, by: "read" },
  { route: "GET /api/channels/kinds", may: running, by: "read" },
  { route: "POST /api/channels", body: { kind: "webhook", name: "new" }, may: running, by: "admin" },
  { route: "PATCH /api/channels/:name", path: "/api/channels/shop", body: {}, may: running, by: "admin" },
  { route: "DELETE /api/channels/:name", path: "/api/channels/shop", may: running, by: "admin" },
  { route: "POST /api/channels/:name/restart", path: "/api/channels/shop/restart", may: running, by: "admin" },
  { route: "GET /api/people", may: running, by: "read" },
  { route: "POST /api/people", body: { name: "N" }, may: running, by: "admin" },
  { route: "POST /api/people", body: { name: "N", role: "operator" }, may: ownerOnly, by: "admin" },
  { route: "POST /api/people", body: { name: "N", role: "owner" }, may: ownerOnly, by: "admin" },
  { route: "PATCH /api/people/:id", path: "/api/people/per_member", body: { name: "N" }, may: running, by: "admin" },
  {
    route: "PATCH /api/people/:id",
    path: "/api/people/per_guest",
    body: { role: "member" },
    may: running,
    by: "admin",
  },
  {
    route: "PATCH /api/people/:id",
    path: "/api/people/per_member",
    body: { role: "operator" },
    may: ownerOnly,
    by: "admin",
  },
  {
    route: "PATCH /api/people/:id",
    path: "/api/people/per_operator",
    body: { role: "member" },
    may: ownerOnly,
    by: "admin",
  },
  {
    route: "PATCH /api/people/:id",
    path: "/api/people/per_owner",
    body: { isBlocked: true },
    may: ownerOnly,
    by: "admin",
  },
  { route: "PATCH /api/people/:id", path: "/api/people/SELF", body: { role: "owner" }, may: ownerOnly, by: "admin" },
  { route: "DELETE /api/people/:id", path: "/api/people/per_guest", may: running, by: "admin" },
  { route: "DELETE /api/people/:id", path: "/api/people/per_owner", may: ownerOnly, by: "admin" },
  { route: "DELETE /api/people/:id", path: "/api/people/SELF", may: known, by: "admin" },
  { route: "GET /api/pairing", may: running, by: "read" },
  { route: "POST /api/pairing/approve", body: { code: "ABCD2345" }, may: running, by: "admin" },
  { route: "POST /api/pairing/approve", body: { code: "ABCD2345", role: "operator" }, may: ownerOnly, by: "admin" },
  {
    route: "POST /api/pairing/approve",
    body: { code: "ABCD2345", personId: "per_member" },
    may: running,
    by: "admin",
  },
  {
    route: "POST /api/pairing/approve",
    body: { code: "ABCD2345", personId: "per_owner" },
    may: ownerOnly,
    by: "admin",
  },
  { route: "POST /api/pairing/deny", body: { id: "pai_1" }, may: running, by: "admin" },
  { route: "GET /api/keys", may: known, by: "read" },
  { route: "POST /api/keys", body: { name: "k" }, may: known, by: "admin" },
  { route: "POST /api/keys", body: { name: "k", personId: "per_guest" }, may: running, by: "admin" },
  { route: "POST /api/keys", body: { name: "k", personId: "per_owner" }, may: ownerOnly, by: "admin" },
  { route: "DELETE /api/keys/:id", path: "/api/keys/key_ROLE", may: known, by: "admin" },
  { route: "DELETE /api/keys/:id", path: "/api/keys/key_operator", may: running, by: "admin" },
  { route: "DELETE /api/keys/:id", path: "/api/keys/key_owner", may: ownerOnly, by: "admin" },
  { route: "GET /api/models", may: running, by: "read" },
  { route: "POST /api/models/use", body: { model: "tiny" }, may: running, by: "admin" },
  { route: "POST /api/models/inspect", body: { model: "tiny" }, may: running, by: "read" },
  { route: "DELETE /api/models/:id", path: "/api/models/tiny", may: running, by: "admin" },
  { route: "GET /api/knowledge", may: running, by: "read" },
  { route: "GET /api/knowledge/search", path: "/api/knowledge/search?q=x", may: running, by: "read" },
  { route: "POST /api/knowledge", body: { title: "T", text: "x" }, may: running, by: "admin" },
  { route: "DELETE /api/knowledge/:id", path: "/api/knowledge/kno_1", may: running, by: "admin" },
  { route: "GET /api/conversations", may: roles, by: "read" },
  {
    route: "GET /api/conversations/:id",
    path: "/api/conversations/con_1",
    may: ["owner", "member"],
    by: "read",
    refusal: 404,
  },
  { route: "GET /api/activity", may: running, by: "read" },
  { route: "GET /api/activity/stream", may: running, by: "read" },
  { route: "GET /api/decisions", may: running, by: "read" },
  { route: "GET /api/queues", may: running, by: "read" },
  {
    route: "POST /api/queues/dead/:id/retry",
    path: "/api/queues/dead/out_dead/retry",
    may: running,
    by: "admin",
  },
  { route: "GET /api/audit", may: running, by: "read" },
  { route: "POST /api/audit/verify", may: running, by: "read" },
];

async function ask({ route, path, body }: Row, role: Role, scope?: KeyScope) {
  const { app, services } = testApp();
  const person = services.persons[role];
  await services.channels.create({ kind: "webhook", name: "shop", policy: "pairing", config: {} }, "test");
  const [method, template] = route.split(" ") as [string, string];
  const filled = (text: string): string => text.replaceAll("SELF", person.id).replaceAll("ROLE", role);
  const who = scope === undefined ? asSession(services, person) : asKey(services, [scope], person);
  const headers = { ...who, "content-type": "application/json", origin: "http://localhost" };
  const init = { method, headers, ...(body !== undefined && { body: filled(JSON.stringify(body)) }) };
  const before = services.written.length;
  const response = await app.request(filled(path ?? template), init, fromNetwork());
  const isStream = response.headers.get("content-type")?.includes("event-stream") === true;
  const answer = isStream ? "" : await response.text();
  if (isStream) await response.body?.cancel();
  return { status: response.status, answer, hasWritten: services.written.length > before };
}

/** The socket's route lets a caller through to a 400, since the request is no upgrade. */
function isLetThrough({ route }: Row, status: number): boolean {
  return route === "GET /api/chat/socket" ? status === 400 : status === 200 || status === 204;
}

describe("who may do what", () => {
  for (const row of table) {
    const what = [row.route, row.path ?? "", row.body === undefined ? "" : JSON.stringify(row.body)].join(" ").trim();
    test(`${what}: in a session, and with a key of each scope`, async () => {
      for (const role of roles) {
        for (const scope of [undefined, ...keyScopeSchema.options]) {
          const isCovered = scope === undefined || (keys[row.by] as readonly KeyScope[]).includes(scope);
          const { status, answer, hasWritten } = await ask(row, role, scope);
          const found = { role, scope, isAllowed: isLetThrough(row, status) };
          expect(found).toEqual({ role, scope, isAllowed: row.may.includes(role) && isCovered });
          if (found.isAllowed) continue;
          expect({ role, scope, status }).toEqual({ role, scope, status: isCovered ? (row.refusal ?? 403) : 403 });
          expect(hasWritten).toBe(false);
          if (status === 403) expect(JSON.parse(answer).error.code).toBe("forbidden");
        }
      }
    });
  }

  test("the table has every route of the API, but the sign-in, which is for strangers", () => {
    const routes = testApp()
      .app.routes.filter(({ path, method }) => path.startsWith("/api/") && !path.includes("*") && method !== "ALL")
      .map(({ path, method }) => `${method} ${path}`);
    const listed = new Set(table.map((row) => row.route));
    expect([...new Set(routes)].filter((route) => !listed.has(route))).toEqual(["POST /api/session"]);
    expect([...listed].filter((route) => !routes.includes(route))).toEqual([]);
  });
});

describe("a refusal", () => {
  test("says what was asked, and whether the role or the key lacks it", async () => {
    const row: Row = { route: "GET /api/people", may: [], by: "none" };
    const refusals = [
      [await ask(row, "member"), "Not allowed: no rule lets the role member do person.read here."],
      [await ask(row, "owner", "agent"), "Not allowed: the key does not cover person.read."],
    ] as const;
    for (const [{ answer }, message] of refusals) expect(JSON.parse(answer).error.message).toBe(message);
  });

  test("comes before the body is looked at", async () => {
    for (const row of table.filter(({ body }) => body !== undefined)) {
      const { status } = await ask({ ...row, body: { surprise: true } }, "guest");
      expect([row.route, status]).toEqual([row.route, 403]);
    }
  });

  test("of the chat's socket names the scope that a key lacks, and that an admin's key is no person", async () => {
    const row: Row = { route: "GET /api/chat/socket", may: [], by: "none" };
    expect((await ask(row, "owner", "agent")).answer).toContain("the key does not cover web-chat.open");
    expect((await ask(row, "owner", "admin")).answer).toContain("The web chat is for people");
  });

  test("does not tell a member who exists", async () => {
    const about = (personId: string) =>
      ask({ route: "POST /api/links", body: { personId }, may: [], by: "none" }, "member");
    expect(await about("per_owner")).toEqual(await about("per_nobody"));
    const key = (id: string, role: Role) =>
      ask({ route: "DELETE /api/keys/:id", path: `/api/keys/${id}`, may: [], by: "none" }, role);
    expect(await key("key_owner", "member")).toEqual(await key("key_nothing", "member"));
    expect((await key("key_nothing", "operator")).status).toBe(404);
  });
});

describe("lists", () => {
  async function read(role: Role, path: string, list: string, field: string): Promise<readonly string[]> {
    const { answer } = await ask({ route: `GET ${path}`, may: [], by: "none" }, role);
    return JSON.parse(answer)[list].map((item: Record<string, string>) => item[field]);
  }

  test("of keys show those of oneself and of people below", async () => {
    const keysOf = (role: Role) => read(role, "/api/keys", "keys", "id");
    expect(await keysOf("owner")).toEqual(["key_owner", "key_operator", "key_member"]);
    expect(await keysOf("operator")).toEqual(["key_operator", "key_member"]);
    expect(await keysOf("member")).toEqual(["key_member"]);
  });

  test("of conversations show everybody's to the owner and their own to the others", async () => {
    for (const [role, expected] of [
      ["owner", ["con_1"]],
      ["operator", []],
      ["member", ["con_1"]],
      ["guest", []],
    ] as const) {
      expect([role, await read(role, "/api/conversations", "conversations", "id")]).toEqual([role, [...expected]]);
    }
  });
});

describe("the model that answers", () => {
  const sessionOf = async (currentModel?: () => { id: string; isGuide: boolean } | null) => {
    const { app, services } = testApp(currentModel === undefined ? {} : { currentModel });
    services.links.set("link-token-1", services.persons.guest);
    const headers = { host: "localhost", "content-type": "application/json" };
    const signIn = { method: "POST", headers, body: JSON.stringify({ token: "link-token-1" }) };
    const member = { headers: asSession(services, services.persons.member) };
    const answers = [
      await app.request("/api/session", signIn, fromNetwork()),
      await app.request("/api/session", member, fromNetwork()),
    ];
    return Promise.all(answers.map(async (answer) => ((await answer.json()) as { model?: unknown }).model));
  };

  test("is told to everybody who signs in, and left out while none is loaded", async () => {
    const guide = { id: "guide", isGuide: true };
    expect(await sessionOf(() => guide)).toEqual([guide, guide]);
    expect(await sessionOf(() => null)).toEqual([undefined, undefined]);
    expect(await sessionOf()).toEqual([undefined, undefined]);
  });
});

test("the control socket is the owner's, with everything", async () => {
  const { app, services } = testApp();
  expect((await app.request("/api/people/per_operator", { method: "DELETE" }, controlSocket)).status).toBe(204);
  const socket = {
    via: "control-socket",
    person: services.persons.owner,
    scopes: [],
    tenant: "",
    actor: "",
    csrfToken: "",
    expiresMs: null,
  } as const;
  expect(decideFor(socket, "data.erase", { role: "owner" }).rule).toBe("the owner may do everything");
});
