// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, expect, test } from "bun:test";
import { z } from "zod";
import {
  type ApplianceProcess,
  createHearthHome,
  eventually,
  type HearthHome,
  startAppliance,
} from "../harness/appliance-process.ts";

// The API of a whole appliance against its own description: what it answers must be what /api/openapi.json says.

interface Description {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  readonly components: { readonly schemas: Record<string, object> };
}

let home: HearthHome;
let appliance: ApplianceProcess;
let description: Description;

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const init = { method, unix: `${home.path}/hearth.sock` };
  if (body === undefined) return fetch(`http://hearth${path}`, init);
  return fetch(`http://hearth${path}`, {
    ...init,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
}

/** What the description says of an answer, as a schema that refuses what it does not name. */
function answerSchema(method: string, path: string): z.ZodType {
  const schema = description.paths[path]?.[method]?.responses["200"]?.content?.["application/json"]?.schema;
  if (schema === undefined) throw new Error(`the description lacks ${method} ${path}`);
  const whole = JSON.stringify({ ...schema, $defs: description.components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll("#/components/schemas/", "#/$defs/")));
}

async function expectDescribed(method: string, path: string, template: string, body?: unknown): Promise<unknown> {
  const response = await call(method, path, body);
  const answer: unknown = await response.json();
  expect([method, path, response.status, answer]).toEqual([method, path, 200, answer]);
  const result = answerSchema(method.toLowerCase(), template).safeParse(answer);
  expect([path, result.error?.issues ?? []]).toEqual([path, []]);
  return answer;
}

beforeAll(async () => {
  home = await createHearthHome();
  appliance = await startAppliance(home);
  description = (await (await call("GET", "/api/openapi.json")).json()) as Description;
}, 90_000);

afterAll(async () => {
  await appliance?.stop();
  home?.[Symbol.dispose]();
});

test("what is written is answered as described", async () => {
  const person = (await expectDescribed("POST", "/api/people", "/api/people", {
    name: "Mia",
    identities: [{ channel: "xmpp", address: "mia@example.org" }],
  })) as { id: string };
  await expectDescribed("PATCH", `/api/people/${person.id}`, "/api/people/{id}", { role: "operator", name: "Mia B." });
  await expectDescribed("POST", "/api/links", "/api/links", { personId: person.id });
  await expectDescribed("POST", "/api/keys", "/api/keys", { name: "bot", scopes: ["models"], personId: person.id });
  const config = { secret: "a-long-enough-secret", callback: "http://127.0.0.1:9/" };
  await expectDescribed("POST", "/api/channels", "/api/channels", {
    kind: "webhook",
    name: "shop",
    policy: "anyone",
    config,
  });
  await expectDescribed("PATCH", "/api/channels/shop", "/api/channels/{name}", { policy: "pairing" });
  await expectDescribed("POST", "/api/channels/shop/restart", "/api/channels/{name}/restart");
  await expectDescribed("POST", "/api/knowledge", "/api/knowledge", {
    title: "FAQ",
    text: "# Hours\n\nWe open at nine.\n",
  });
  await expectDescribed("PUT", "/api/settings", "/api/settings", { boxName: "Test box" });
  await expectDescribed("POST", "/api/models/inspect", "/api/models/inspect", { model: "guide" });
  await expectDescribed("POST", "/api/models/use", "/api/models/use", { model: "guide" });
  await expectDescribed("POST", "/api/audit/verify", "/api/audit/verify");
}, 30_000);

test("every reading route answers as described, with something in it", async () => {
  const key = (await (await call("POST", "/api/keys", { name: "asker" })).json()) as { key: string };
  const asked = await fetch(`${appliance.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "hearth", messages: [{ role: "user", content: "When do you open?" }] }),
  });
  expect(asked.status).toBe(200);
  let count = 0;
  for (const [template, methods] of Object.entries(description.paths)) {
    if (methods.get === undefined || template.includes("{")) continue;
    await expectDescribed("GET", template === "/api/knowledge/search" ? `${template}?q=open` : template, template);
    count += 1;
  }
  expect(count).toBeGreaterThan(15);
  const lists = [
    ["/api/channels", "channels"],
    ["/api/channels/kinds", "kinds"],
    ["/api/people", "people"],
    ["/api/keys", "keys"],
    ["/api/models", "models"],
    ["/api/knowledge", "sources"],
    ["/api/knowledge/search?q=open", "passages"],
    ["/api/conversations", "conversations"],
    ["/api/decisions", "decisions"],
    ["/api/audit", "entries"],
    ["/api/logs", "lines"],
    ["/api/doctor", "checks"],
  ] as const;
  for (const [path, name] of lists) {
    const answer = (await (await call("GET", path)).json()) as Record<string, unknown[]>;
    expect([path, (answer[name]?.length ?? 0) > 0]).toEqual([path, true]);
  }
  const { conversations } = (await (await call("GET", "/api/conversations")).json()) as {
    conversations: { id: string }[];
  };
  const id = conversations[0]?.id ?? "";
  const detail = await expectDescribed(
    "GET",
    `/api/conversations/${encodeURIComponent(id)}`,
    "/api/conversations/{id}",
  );
  expect(JSON.stringify(detail)).toContain("When do you open?");
}, 30_000);

test("secrets of channels and keys are never given back", async () => {
  for (const path of ["/api/channels", "/api/keys", "/api/audit", "/api/logs", "/api/settings", "/api/status"]) {
    const text = await (await call("GET", path)).text();
    expect(text).not.toContain("a-long-enough-secret");
    expect(text).not.toContain("hk_");
  }
});

test("what does not exist is a 404, what is there already a 409, with words and no stack", async () => {
  const cases = [
    ["PATCH", "/api/people/per_nobody", { name: "x" }, 404],
    ["DELETE", "/api/people/per_nobody", undefined, 404],
    ["DELETE", "/api/channels/nothing", undefined, 404],
    ["POST", "/api/channels/nothing/restart", undefined, 404],
    [
      "POST",
      "/api/channels",
      { kind: "webhook", name: "shop", config: { secret: "a-long-enough-secret", callback: "http://127.0.0.1:9/" } },
      409,
    ],
    ["POST", "/api/channels", { kind: "webhook", name: "web-chat", config: {} }, 409],
    ["POST", "/api/channels", { kind: "carrier-pigeon", name: "birds", config: {} }, 404],
    ["POST", "/api/channels", { kind: "webhook", name: "broken", config: { secret: 7 } }, 400],
    ["DELETE", "/api/channels/web-chat", undefined, 409],
    ["DELETE", "/api/keys/key_nothing", undefined, 404],
    ["POST", "/api/models/use", { model: "nothing" }, 404],
    ["POST", "/api/models/inspect", { model: "/no/such/file.gguf" }, 404],
    ["DELETE", "/api/models/nothing", undefined, 404],
    ["DELETE", "/api/models/guide", undefined, 409],
    ["DELETE", "/api/people/OWNER", undefined, 409],
    ["DELETE", "/api/knowledge/nothing", undefined, 404],
    ["POST", "/api/knowledge", { path: "/no/such/file" }, 404],
    ["GET", "/api/conversations/nothing", undefined, 404],
    ["POST", "/api/pairing/approve", { code: "ZZZZ9999" }, 404],
    ["POST", "/api/queues/dead/nothing/retry", undefined, 404],
  ] as const;
  const found: unknown[] = [];
  const { person } = (await (await call("GET", "/api/session")).json()) as { person: { id: string } };
  for (const [method, path, body, status] of cases) {
    const response = await call(method, path.replace("OWNER", person.id), body);
    const text = await response.text();
    const { error } = JSON.parse(text || "{}") as { error?: { code: string; message: string } };
    if (response.status !== status || error === undefined || / at .*\.ts:/.test(text)) {
      found.push([method, path, response.status, error?.code, `expected ${status}`]);
    }
  }
  expect(found).toEqual([]);
});

test("the activity ring fills by itself", async () => {
  const hasPoints = async (): Promise<boolean> => {
    const { points } = (await (await call("GET", "/api/activity")).json()) as { points: { memoryBytes: number }[] };
    return (points.at(-1)?.memoryBytes ?? 0) > 10_000_000;
  };
  await eventually(hasPoints, "a point of activity", 5000);
});
