// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { createPreferences } from "./create-preferences.ts";
import { parseRoute } from "./create-router.ts";
import { createSession, readLinkToken } from "./create-session.ts";
import { navigationEntries } from "./navigation-entries.ts";

const session = { person: { id: "p", name: "Ada", role: "owner" }, csrfToken: "csrf", expiresMs: null, via: "session" };

function storage(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

describe("an address of the console", () => {
  test("names a page and perhaps an item of it", () => {
    expect(parseRoute("/")).toEqual({ page: "home", item: undefined });
    expect(parseRoute("/conversations/a%2Fb")).toEqual({ page: "conversations", item: "a/b" });
    expect(parseRoute("/conversations/%E0%A4%A")).toEqual({ page: "conversations", item: "%E0%A4%A" });
  });

  test("carries the token of a sign-in link in its fragment only", () => {
    expect(readLinkToken({ pathname: "/sign-in", hash: "#abc" })).toBe("abc");
    expect(readLinkToken({ pathname: "/", hash: "#link=abc" })).toBe("abc");
    expect(readLinkToken({ pathname: "/chat", hash: "#main" })).toBeNull();
    expect(readLinkToken({ pathname: "/sign-in", hash: "" })).toBeNull();
  });
});

describe("the sign-in", () => {
  test("exchanges a link for a session, whose token every write carries", async () => {
    const seen: [string, RequestInit][] = [];
    const keeper = createSession(async (path, init) => {
      seen.push([path, init]);
      return Response.json(session);
    });
    await keeper.begin("one-time");
    expect(keeper.state.value.status).toBe("signed-in");
    await keeper.api.send("PUT", "/api/settings", {});
    expect(seen.map(([path]) => path)).toEqual(["/api/session", "/api/settings"]);
    expect(new Headers(seen[1]?.[1].headers).get("x-hearth-csrf")).toBe("csrf");
  });

  test("says that a link was refused, unless the browser was signed in before", async () => {
    const refused = Response.json({ error: { code: "used", message: "used" } }, { status: 403 });
    const stranger = createSession(async (_path, init) =>
      init.method === "POST" ? refused.clone() : Response.json({ error: { code: "x", message: "x" } }, { status: 401 }),
    );
    await stranger.begin("used");
    expect(stranger.state.value).toEqual({ status: "signed-out", wasLinkRefused: true });
    const known = createSession(async (_path, init) =>
      init.method === "POST" ? refused.clone() : Response.json(session),
    );
    await known.begin("used");
    expect(known.state.value.status).toBe("signed-in");
  });

  test("tells a box that cannot be reached apart from nobody being signed in", async () => {
    const keeper = createSession(async () => Promise.reject(new TypeError("refused")));
    await keeper.begin(null);
    expect(keeper.state.value).toMatchObject({ status: "failed", problem: { status: 0, code: "network" } });
  });

  test("ends when any request is answered with 401", async () => {
    let status = 200;
    const keeper = createSession(async () => Response.json(session, { status }));
    await keeper.begin(null);
    status = 401;
    await keeper.api.get("/api/status");
    expect(keeper.state.value).toEqual({ status: "signed-out", wasLinkRefused: false });
  });

  test("takes an answer that is not the box's as a problem with its status", async () => {
    const keeper = createSession(async () => new Response("<html>Bad gateway", { status: 502 }));
    await keeper.begin(null);
    expect(keeper.state.value).toMatchObject({ status: "failed", problem: { status: 502, message: "HTTP 502" } });
  });
});

describe("the navigation", () => {
  test("shows a member and a guest nothing but their chat and conversations", () => {
    for (const role of ["member", "guest"] as const) {
      expect(navigationEntries(role).map((entry) => entry.page)).toEqual(["chat", "conversations"]);
    }
    expect(navigationEntries("operator").length).toBeGreaterThan(5);
  });
});

describe("preferences", () => {
  test("follow the browser's language until one is chosen, and keep the choice", () => {
    const store = storage();
    const root = { lang: "", dataset: {} };
    const preferences = createPreferences({ storage: store, languages: ["zh-CN"], root });
    expect(root.lang).toBe("zh-CN");
    expect(store.getItem("hearth-language")).toBeNull();
    preferences.language.value = "en";
    expect(root.lang).toBe("en");
    expect(store.getItem("hearth-language")).toBe("en");
  });

  test("set the appearance on the root element, and nothing when it is automatic", () => {
    const root = { lang: "", dataset: {} as Record<string, string> };
    const preferences = createPreferences({ storage: storage({ "hearth-theme": "dark" }), languages: [], root });
    expect(root.dataset).toEqual({ theme: "dark" });
    preferences.theme.value = "auto";
    expect(root.dataset).toEqual({});
  });
});
