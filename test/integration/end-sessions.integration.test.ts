// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Link, Person, Session } from "../../appliance/lan/http-api/index.ts";
import {
  type ApplianceProcess,
  createHearthHome,
  type HearthHome,
  startAppliance,
} from "../harness/appliance-process.ts";
import { openSocket } from "../harness/open-socket.ts";

// A whole box as it is composed for people, on a back-end that has a model and nothing else: what ends a session has to
// end it everywhere.

let home: HearthHome;
let box: ApplianceProcess;
const backend = Bun.serve({
  port: 0,
  fetch: () => Response.json({ object: "list", data: [{ id: "any", object: "model" }] }),
});

beforeAll(async () => {
  home = await createHearthHome({ HEARTH_BACKEND: `openai:http://127.0.0.1:${backend.port}/v1` });
  box = await startAppliance(home);
}, 60_000);

afterAll(async () => {
  await box?.[Symbol.asyncDispose]();
  home?.[Symbol.dispose]();
  await backend.stop(true);
}, 30_000);

/** Calls the box over its control socket, as its owner. */
async function asOwner<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`http://hearth${path}`, {
    method,
    unix: `${home.path}/hearth.sock`,
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as Answer;
}

/** Somebody new, signed in with a browser that has the chat open. */
async function signedInPerson(name: string) {
  const person = await asOwner<Person>("POST", "/api/people", { name });
  const link = await asOwner<Link>("POST", "/api/links", { personId: person.id });
  const signIn = await fetch(`${home.baseUrl}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: home.baseUrl },
    body: JSON.stringify({ token: new URL(link.url).hash.slice(1) }),
  });
  const { csrfToken } = (await signIn.json()) as Session;
  const cookie = signIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  const socket = openSocket(`${home.baseUrl.replace("http", "ws")}/api/chat/socket`, {
    cookie,
    origin: home.baseUrl,
  });
  const closed = new Promise<number>((resolve) => {
    socket.onclose = (event) => resolve(event.code);
  });
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const headers = { cookie, "x-hearth-csrf": csrfToken, origin: home.baseUrl };
  const statusOf = async (method = "GET"): Promise<number> =>
    (await fetch(`${home.baseUrl}/api/session`, { method, headers })).status;
  return { person, closed, statusOf };
}

test("signing out closes the person's chat, and the cookie is dead", async () => {
  const ann = await signedInPerson("Ann");
  expect(await ann.statusOf()).toBe(200);
  expect(await ann.statusOf("DELETE")).toBe(204);
  expect(await ann.closed).toBe(4401);
  expect(await ann.statusOf()).toBe(401);
});

test("blocking closes the person's chat, and unblocking does not bring the session back", async () => {
  const [ben, cleo] = [await signedInPerson("Ben"), await signedInPerson("Cleo")];
  const unused = await asOwner<Link>("POST", "/api/links", { personId: ben.person.id });
  await asOwner("PATCH", `/api/people/${ben.person.id}`, { isBlocked: true });
  expect(await ben.closed).toBe(4401);
  expect(await ben.statusOf()).toBe(401);
  await asOwner("PATCH", `/api/people/${ben.person.id}`, { isBlocked: false });
  expect(await ben.statusOf()).toBe(401);
  const late = await fetch(`${home.baseUrl}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: home.baseUrl },
    body: JSON.stringify({ token: new URL(unused.url).hash.slice(1) }),
  });
  expect(late.status).toBe(403);
  expect(await cleo.statusOf()).toBe(200);
});

test("removing a person closes their chat, and the cookie is dead", async () => {
  const dan = await signedInPerson("Dan");
  await asOwner("DELETE", `/api/people/${dan.person.id}`);
  expect(await dan.closed).toBe(4401);
  expect(await dan.statusOf()).toBe(401);
});
