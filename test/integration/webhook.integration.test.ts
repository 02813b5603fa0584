// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { signBody, webhookModule } from "../../appliance/messaging/adapters/webhook/index.ts";
import { startCallbackServer } from "../fixtures/messaging/callback-server.ts";
import { type ChannelBench, createChannelBench } from "../fixtures/messaging/channel-bench.ts";
import { eventually } from "../fixtures/messaging/message-bench.ts";

const secret = "a shared secret of the test";

function hook(
  body: unknown,
  changes: { headers?: Record<string, string>; method?: string; key?: string } = {},
): Request {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  return new Request("http://box/hooks/shop", {
    method: changes.method ?? "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Hearth-Signature": signBody(changes.key ?? secret, bytes),
      ...changes.headers,
    },
    ...(changes.method === "GET" ? {} : { body: bytes }),
  });
}

async function withWebhook(config: Record<string, unknown>): Promise<ChannelBench> {
  const bench = createChannelBench({ modules: [webhookModule] });
  await bench.channels.add({
    kind: "webhook",
    name: "shop",
    policy: "anyone",
    config: { secret, callback: "http://127.0.0.1:9/in", ...config },
  });
  await bench.start();
  await bench.untilConnected("shop");
  return bench;
}

test("a signed message is taken, and its reply is posted to the callback, signed", async () => {
  using callback = startCallbackServer(secret);
  await using bench = await withWebhook({ callback: callback.url });
  const response = await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }));
  expect(response.status).toBe(202);
  await eventually(() => callback.requests.length === 1, "the reply");
  expect(callback.requests[0]).toMatchObject({ in_reply_to: "m1", to: "ada", text: "You said: hello", isSigned: true });
  await eventually(() => bench.outbox().accepted === 1, "the record");
});

test("the same id three times is answered 202 each time and replied to once", async () => {
  using callback = startCallbackServer(secret);
  await using bench = await withWebhook({ callback: callback.url });
  for (let count = 0; count < 3; count += 1)
    expect((await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }))).status).toBe(202);
  await eventually(() => bench.outbox().accepted === 1, "the reply");
  expect(callback.requests).toHaveLength(1);
  expect(bench.agent.asked).toHaveLength(1);
});

test("bad requests get the status that fits, and none of them is a message", async () => {
  await using bench = await withWebhook({});
  const message = { id: "m1", from: "ada", text: "hello" };
  const status = async (request: Request, name = "shop") => (await bench.channels.handleHook(name, request)).status;
  expect(await status(hook(message, { key: "another secret" }))).toBe(401);
  expect(await status(hook(message, { headers: { "X-Hearth-Signature": "sha256=00" } }))).toBe(401);
  expect(await status(hook(message), "unknown")).toBe(404);
  expect(await status(hook(message, { method: "GET" }))).toBe(405);
  expect(await status(hook(message, { headers: { "Content-Type": "text/plain" } }))).toBe(415);
  expect(await status(hook("x".repeat(256 * 1024 + 1)))).toBe(413);
  expect(await status(hook("{"))).toBe(400);
  expect(await status(hook({ id: "m1", from: "ada" }))).toBe(400);
  expect(await status(hook({ id: "", from: "ada", text: "hello" }))).toBe(400);
  expect(bench.agent.asked).toHaveLength(0);
});

test("over its rate the channel answers 429 with the time to wait, to signed requests only", async () => {
  await using bench = await withWebhook({ requestsPerSecond: 1 });
  const post = (id: number, key = secret) =>
    bench.channels.handleHook("shop", hook({ id: `m${id}`, from: "ada", text: "hello" }, { key }));
  for (let id = 0; id < 20; id += 1) expect((await post(id, "wrong")).status).toBe(401);
  const statuses = [];
  for (let id = 0; id < 12; id += 1) statuses.push((await post(id)).status);
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 202));
  expect(statuses[11]).toBe(429);
  expect(Number((await post(99)).headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a reply is repeated with the same id until the callback takes it, also over a restart", async () => {
  using callback = startCallbackServer(secret, (count) => (count < 2 ? 500 : 200));
  await using bench = await withWebhook({ callback: callback.url });
  await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }));
  await eventually(() => callback.requests.length === 1, "the first attempt");
  await eventually(() => bench.outbox().queued === 1, "its record");
  expect(bench.channels.find("shop").connection).toMatchObject({ status: "degraded", code: "callback-http-500" });
  await bench.restart();
  await eventually(() => bench.outbox().accepted === 1, "the second attempt");
  expect(new Set(callback.requests.map(({ id }) => id)).size).toBe(1);
  expect(callback.requests).toHaveLength(2);
});

test("a callback that is not there, or redirects, is tried again, and a webhook cannot be left without one", async () => {
  using redirecting = startCallbackServer(secret, () => 302);
  await using bench = await withWebhook({ callback: redirecting.url });
  await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }));
  await eventually(() => bench.channels.find("shop").connection.code === "callback-http-302", "the redirect");
  await bench.channels.update("shop", { config: { callback: "http://127.0.0.1:9/none" } });
  await eventually(() => bench.channels.find("shop").connection.status === "degraded", "no callback there", 10_000);
  await expect(bench.channels.update("shop", { config: { callback: null } })).rejects.toMatchObject({
    code: "channel-config-invalid",
  });
  expect(bench.outbox().failed ?? 0).toBe(0);
});

test("a paused channel answers 503 and takes up where it was", async () => {
  using callback = startCallbackServer(secret);
  await using bench = await withWebhook({ callback: callback.url });
  await bench.channels.update("shop", { isEnabled: false });
  expect((await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }))).status).toBe(503);
  await bench.channels.update("shop", { isEnabled: true });
  await bench.untilConnected("shop");
  expect((await bench.channels.handleHook("shop", hook({ id: "m1", from: "ada", text: "hello" }))).status).toBe(202);
  await eventually(() => callback.requests.length === 1, "the reply");
});

test("a channel can be made, listed without its secret, changed and removed while the box does not run", async () => {
  await using bench = createChannelBench({ modules: [webhookModule] });
  const { channels } = bench;
  await channels.add({
    kind: "webhook",
    name: "shop",
    policy: "pairing",
    config: { secret, callback: "http://127.0.0.1:9/in" },
  });
  const view = channels.find("shop");
  expect(view).toMatchObject({
    kind: "webhook",
    policy: "pairing",
    isEnabled: true,
    secretsSet: ["secret"],
    pending: 0,
  });
  expect(JSON.stringify(view)).not.toContain(secret);
  await expect(
    channels.add({
      kind: "webhook",
      name: "shop",
      policy: "pairing",
      config: { secret, callback: "http://127.0.0.1:9/in" },
    }),
  ).rejects.toMatchObject({
    code: "channel-exists",
  });
  await expect(channels.add({ kind: "webhook", name: "other", policy: "pairing", config: {} })).rejects.toMatchObject({
    code: "channel-config-invalid",
  });
  const open = { secret, callback: "http://example.org/replies" };
  await expect(channels.add({ kind: "webhook", name: "open", policy: "anyone", config: open })).rejects.toMatchObject({
    code: "channel-config-invalid",
  });
  await expect(channels.add({ kind: "fax", name: "fax", policy: "anyone", config: {} })).rejects.toMatchObject({
    code: "channel-kind-unknown",
  });
  expect((await channels.update("shop", { policy: "anyone" })).policy).toBe("anyone");
  await channels.remove("shop");
  expect(() => channels.find("shop")).toThrow("there is no channel");
});

test("neither the secret nor a text nor an address is in the database, its log or its index", async () => {
  using callback = startCallbackServer(secret, () => 500);
  await using bench = await withWebhook({ callback: callback.url });
  await bench.channels.handleHook("shop", hook({ id: "id-canary", from: "from-canary", text: "text-canary" }));
  await eventually(() => bench.outbox().queued === 1, "a waiting reply");
  const { path } = bench.data;
  for (const name of ["hearth.db", "hearth.db-wal"]) {
    const bytes = await Bun.file(`${path}/${name}`).text();
    for (const canary of [secret, "id-canary", "from-canary", "text-canary"]) expect(bytes).not.toContain(canary);
  }
});
