// SPDX-License-Identifier: AGPL-3.0-only
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import {
  addKnowledgeRequestSchema,
  approvePairingRequestSchema,
  createApiKeyRequestSchema,
  createChannelRequestSchema,
  createLinkRequestSchema,
  createPersonRequestSchema,
  denyPairingRequestSchema,
  modelRequestSchema,
  type Session,
  signInRequestSchema,
  updateChannelRequestSchema,
  updatePersonRequestSchema,
  updateSettingsRequestSchema,
} from "../../../appliance/lan/http-api/index.ts";
import type { ConsoleBox } from "./start-console-box.ts";

const csrfToken = "csrf-of-the-test";

function session(box: ConsoleBox): Session {
  const name = box.role === "owner" ? "Ada" : "Bo Lin";
  const id = box.role === "owner" ? "per_1" : "per_2";
  const current = box.data.models.find((model) => model.isDefault);
  const model = current === undefined ? {} : { model: { id: current.id, isGuide: current.isGuide } };
  return { person: { id, name, role: box.role }, csrfToken, expiresMs: null, via: "session", ...model };
}

function refuse(context: Context, status: 400 | 401 | 403 | 404 | 500, code: string, message: string): Response {
  return context.json({ error: { code, message, remedy: "Do it the other way." } }, status);
}

/** The API as the console uses it. Bodies are parsed with the box's own schemas, so that a wrong one fails the test. */
export function mountBoxApi(root: Hono, box: ConsoleBox, now: () => number): void {
  const api = new Hono();
  let isLinkUsed = false;
  api.use(async (context, next) => {
    if (box.isBroken) return refuse(context, 500, "broken", "The database page 7 cannot be read.");
    const isSigningIn = context.req.path === "/api/session" && context.req.method === "POST";
    const isSignedIn = /hearth_session=open/.test(context.req.header("cookie") ?? "");
    if (!isSignedIn && !isSigningIn) return refuse(context, 401, "not-signed-in", "Nobody is signed in.");
    if (context.req.method !== "GET" && !isSigningIn) {
      if (context.req.header("x-hearth-csrf") !== csrfToken) return refuse(context, 403, "csrf", "No token.");
      box.writes.push(`${context.req.method} ${context.req.path}`);
    }
    const isOpenToAll = /^\/api\/(session|conversations)/.test(context.req.path);
    const isManager = box.role === "owner" || box.role === "operator";
    if (!isOpenToAll && !isManager) return refuse(context, 403, "forbidden", "This is not open to you.");
    return next();
  });
  api.post("/session", async (context) => {
    const { token } = signInRequestSchema.parse(await context.req.json());
    if (token !== "one-time-token" || isLinkUsed) return refuse(context, 403, "link-used", "Used already.");
    isLinkUsed = true;
    context.header("set-cookie", "hearth_session=open; HttpOnly; SameSite=Strict; Path=/");
    return context.json(session(box));
  });
  api.get("/session", (context) => context.json(session(box)));
  api.delete("/session", (context) => {
    context.header("set-cookie", "hearth_session=; Max-Age=0; Path=/");
    return context.body(null, 204);
  });
  mountReads(api, box);
  mountWrites(api, box, now);
  root.route("/api", api);
}

function mountReads(api: Hono, box: ConsoleBox): void {
  api.get("/status", (context) => context.json(box.data.status));
  api.get("/channels", (context) => context.json({ channels: box.data.channels }));
  api.get("/channels/kinds", (context) => context.json(box.data.kinds));
  api.get("/people", (context) => context.json({ people: box.data.people }));
  api.get("/pairing", (context) => context.json({ pairings: box.data.pairings }));
  api.get("/keys", (context) => context.json({ keys: box.data.keys }));
  api.get("/models", (context) => context.json({ models: box.data.models }));
  api.get("/knowledge", (context) => context.json({ sources: box.data.knowledge }));
  api.get("/knowledge/search", (context) =>
    context.json({
      passages: [
        {
          sourceId: "kno_1",
          title: "Opening hours",
          heading: "When are you open?",
          text: `Monday to Friday, for: ${context.req.query("q") ?? ""}`,
          score: 3,
        },
      ],
    }),
  );
  api.get("/conversations", (context) => context.json(box.data.conversations));
  api.get("/conversations/:id", (context) =>
    context.req.param("id") === box.data.conversation.conversation.id
      ? context.json(box.data.conversation)
      : refuse(context, 404, "conversation-not-found", "There is no such conversation."),
  );
  api.get("/activity", (context) => context.json(box.data.activity));
  api.get("/activity/stream", (context) =>
    streamSSE(context, async (stream) => {
      const { streamsEnded } = box;
      while (!stream.aborted && box.streamsEnded === streamsEnded) {
        const last = box.data.activity.points.at(-1);
        if (last !== undefined) {
          const point = { ...last, atMs: last.atMs + 2000 };
          box.data.activity.points.push(point);
          await stream.writeSSE({ event: "point", data: JSON.stringify(point) });
        }
        await stream.sleep(300);
      }
    }),
  );
  api.get("/decisions", (context) => context.json(box.data.decisions));
  api.get("/queues", (context) => context.json(box.data.queues));
  api.get("/audit", (context) => context.json(box.data.audit));
  api.get("/settings", (context) => context.json(box.data.settings));
  api.get("/doctor", (context) => context.json(box.data.doctor));
  api.get("/logs", (context) => context.json(box.data.logs));
}

function mountWrites(api: Hono, box: ConsoleBox, now: () => number): void {
  api.post("/links", async (context) => {
    createLinkRequestSchema.parse(await context.req.json());
    return context.json({ url: `${box.url}/sign-in#another-token`, expiresMs: now() + 600_000 });
  });
  api.post("/channels", async (context) => {
    const { kind, name, policy, config } = createChannelRequestSchema.parse(await context.req.json());
    if (config.password === "wrong") {
      return refuse(context, 400, "invalid-config", "The server refused this address and password.");
    }
    const { password: _password, secret: _secret, ...shown } = config;
    const channel = {
      name,
      kind,
      policy,
      isEnabled: true,
      isBuiltIn: false,
      connection: { status: "connecting" as const },
      config: shown,
      secretsSet: Object.keys(config).filter((key) => key === "password" || key === "secret"),
      lastReceivedMs: null,
      pending: 0,
    };
    box.data.channels.push(channel);
    return context.json(channel);
  });
  api.patch("/channels/:name", async (context) => {
    const { config, ...change } = updateChannelRequestSchema.parse(await context.req.json());
    const channel = box.data.channels.find((known) => known.name === context.req.param("name"));
    if (channel === undefined) return refuse(context, 404, "no-channel", "There is no such channel.");
    Object.assign(channel, change, config === undefined ? {} : { config: { ...channel.config, ...config } });
    return context.json(channel);
  });
  api.delete("/channels/:name", (context) => {
    box.data.channels = box.data.channels.filter((known) => known.name !== context.req.param("name"));
    return context.body(null, 204);
  });
  api.post("/channels/:name/restart", (context) => context.json(box.data.channels[0]));
  api.post("/people", async (context) => {
    const { name, role, identities } = createPersonRequestSchema.parse(await context.req.json());
    const id = `per_${box.data.people.length + 1}`;
    const person = { id, name, role, identities, isBlocked: false, createdMs: now(), lastSeenMs: null };
    box.data.people.push(person);
    return context.json(person);
  });
  api.patch("/people/:id", async (context) => {
    const change = updatePersonRequestSchema.parse(await context.req.json());
    const person = box.data.people.find((known) => known.id === context.req.param("id"));
    if (person === undefined) return refuse(context, 404, "no-person", "There is no such person.");
    if (change.role !== undefined) person.role = change.role;
    if (change.isBlocked !== undefined) person.isBlocked = change.isBlocked;
    return context.json(person);
  });
  api.delete("/people/:id", (context) => {
    box.data.people = box.data.people.filter((known) => known.id !== context.req.param("id"));
    return context.body(null, 204);
  });
  api.post("/pairing/approve", async (context) => {
    const { code, role } = approvePairingRequestSchema.parse(await context.req.json());
    const [pairing] = box.data.pairings;
    if (pairing === undefined || code !== "K7QM2P") return refuse(context, 404, "code-unknown", "No such code.");
    box.data.pairings = [];
    const identities = [{ channel: pairing.channel, address: pairing.address }];
    const name = pairing.displayName ?? pairing.address;
    const person = { id: "per_9", name, role, identities, isBlocked: false, createdMs: now(), lastSeenMs: null };
    box.data.people.push(person);
    return context.json(person);
  });
  api.post("/pairing/deny", async (context) => {
    denyPairingRequestSchema.parse(await context.req.json());
    box.data.pairings = [];
    return context.body(null, 204);
  });
  mountMoreWrites(api, box, now);
}

function mountMoreWrites(api: Hono, box: ConsoleBox, now: () => number): void {
  api.post("/keys", async (context) => {
    const { name, scopes } = createApiKeyRequestSchema.parse(await context.req.json());
    const id = `key_${box.data.keys.length + 1}`;
    const key = { id, name, scopes, personId: "per_1", createdMs: now(), expiresMs: null, lastUsedMs: null };
    box.data.keys.push(key);
    return context.json({ ...key, key: "hk_shown-this-once" });
  });
  api.delete("/keys/:id", (context) => {
    box.data.keys = box.data.keys.filter((known) => known.id !== context.req.param("id"));
    return context.body(null, 204);
  });
  api.post("/models/use", async (context) => {
    const { model: id } = modelRequestSchema.parse(await context.req.json());
    for (const model of box.data.models) {
      model.isDefault = model.id === id;
      model.isLoaded = model.id === id;
    }
    return context.json(box.data.models.find((model) => model.id === id));
  });
  api.post("/models/inspect", async (context) => {
    const { model } = modelRequestSchema.parse(await context.req.json());
    return context.json({ ...box.data.inspection, id: model });
  });
  api.delete("/models/:id", (context) => context.body(null, 204));
  api.post("/knowledge", async (context) => {
    const request = addKnowledgeRequestSchema.parse(await context.req.json());
    const title = "title" in request ? request.title : request.path;
    const id = `kno_${box.data.knowledge.length + 1}`;
    const source = { id, title, kind: "text" as const, passages: 1, sizeBytes: 80, addedMs: now(), isRemovable: true };
    box.data.knowledge.push(source);
    return context.json({ sources: [source], skipped: [] });
  });
  api.delete("/knowledge/:id", (context) => {
    box.data.knowledge = box.data.knowledge.filter((known) => known.id !== context.req.param("id"));
    return context.body(null, 204);
  });
  api.post("/queues/dead/:id/retry", (context) => {
    box.data.queues = { ...box.data.queues, dead: [] };
    return context.body(null, 204);
  });
  api.post("/audit/verify", (context) => context.json({ isIntact: true, entries: 41 }));
  api.put("/settings", async (context) => {
    const change = updateSettingsRequestSchema.parse(await context.req.json());
    box.data.settings = { ...box.data.settings, ...(change as Partial<typeof box.data.settings>) };
    return context.json(box.data.settings);
  });
}
