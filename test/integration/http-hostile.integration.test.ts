// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { connect } from "node:net";
import { asKey } from "../../appliance/lan/http-api/testing.ts";
import { scriptedEngine } from "../../appliance/lan/openai-api/testing.ts";
import { rawExchange, startHttpServer } from "./http-server.ts";

/** A generator of the same numbers every time (mulberry32), so that a failure can be repeated. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const chatBody = '{"model":"default","messages":[{"role":"user","content":"hi"}]}';
const originals = [
  `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer hk_wrong-key\r\nContent-Length: ${chatBody.length}\r\n\r\n${chatBody}`,
  "GET /api/status HTTP/1.1\r\nHost: localhost\r\nCookie: hearth_session=abcdefghijklmnopqrstuvwx\r\n\r\n",
  'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{"token":"0123456789"}',
  "POST /hooks/shop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "PATCH /api/people/per_owner HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
  "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n",
  "GET /api/chat/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
];
const pieces = [
  "\r\n",
  "\0",
  "\r",
  "\n",
  ": ",
  " ",
  "%00",
  "../",
  "//",
  "\xff\xfe",
  "HTTP/9.9",
  "Host: evil\r\n",
  "-1",
  "99999999999",
  "{",
  "[[[[",
  "\t",
  "?",
  "#",
  "Content-Length: 5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Origin: null\r\n",
];

function mutate(original: string, random: () => number): Uint8Array {
  let text = original;
  const count = 1 + Math.floor(random() * 4);
  for (let index = 0; index < count; index++) {
    const at = Math.floor(random() * (text.length + 1));
    const length = Math.floor(random() * 12);
    const kind = Math.floor(random() * 5);
    const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
    if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
    else if (kind === 1) text = text.slice(0, at) + piece + text.slice(at);
    else if (kind === 2)
      text = text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
    else if (kind === 3)
      text = text.slice(0, at) + text.slice(at, at + length).repeat(1 + Math.floor(random() * 50)) + text.slice(at);
    else text = text.slice(0, at);
  }
  return Buffer.from(text, "latin1");
}

test("10,000 mutated requests: no 5xx, nothing let in, and the server goes on", async () => {
  await using started = await startHttpServer();
  const random = seededRandom(20_261_122);
  const statuses = new Map<number | null, number>();
  const wrong: string[] = [];
  const memoryBefore = process.memoryUsage.rss();
  const startMs = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < 10_000) {
      sent += 1;
      const original = originals[Math.floor(random() * originals.length)] ?? "";
      const bytes = mutate(original, random);
      // What is cut short waits for the rest: the client gives up, as the mutation meant to.
      const { status, text } = await rawExchange(started.port, bytes, 60);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const isHealthOrHook = text.includes('"name":"') || text.startsWith("HTTP/1.1 202");
      const isOpen = status !== null && status < 300 && !isHealthOrHook && !text.includes("openmetrics");
      // 505 is the parser's word on a request line that is none.
      if (isOpen || (status !== null && status >= 500 && status !== 505))
        wrong.push(`${status}: ${JSON.stringify(bytes.toString())}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(started.services.written).toEqual([]);
  expect((await fetch(`${started.url}/healthz`)).status).toBe(200);
  expect((statuses.get(401) ?? 0) + (statuses.get(400) ?? 0)).toBeGreaterThan(2000);
  expect(performance.now() - startMs).toBeLessThan(60_000);
  expect(process.memoryUsage.rss() - memoryBefore).toBeLessThan(300 * 1024 ** 2);
}, 90_000);

test("bodies over their limit are refused before they are read", async () => {
  await using started = await startHttpServer();
  const huge = "Content-Length: 4000000000\r\n\r\n";
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more}`;
  for (const path of ["/api/session", "/hooks/shop", "/v1/chat/completions", "/"]) {
    const { status, text } = await rawExchange(started.port, head(path, huge), 2000);
    expect([path, status]).toEqual([path, 413]);
    const error = JSON.parse(text.slice(text.indexOf("\r\n\r\n"))).error;
    expect([path, error.code]).toEqual([path, path.startsWith("/v1/") ? "body_too_large" : "body-too-large"]);
    if (path.startsWith("/v1/")) expect(error).toMatchObject({ type: "invalid_request_error", param: null });
  }
  const session = await rawExchange(
    started.port,
    head("/api/session", `Content-Length: 300000\r\n\r\n${"x".repeat(300_000)}`),
    2000,
  );
  expect(session.status).toBe(413);
  const chunk = `40000\r\n${"x".repeat(0x40000)}\r\n`;
  const chunked = await rawExchange(
    started.port,
    head("/api/session", `Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`),
    2000,
  );
  expect(chunked.status).toBe(413);
  const { authorization } = asKey(started.services, ["models"]);
  const known = await rawExchange(
    started.port,
    head(
      "/v1/chat/completions",
      `Authorization: ${authorization}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(33)}`,
    ),
    4000,
  );
  expect([known.status, known.text]).toEqual([413, expect.stringContaining('"code":"body_too_large"')]);
  const header = await rawExchange(
    started.port,
    `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(1_000_000)}\r\n\r\n`,
    2000,
  );
  expect([400, 413, 431, null]).toContain(header.status);
});

test("a message of two lengths, two hosts or none is refused", async () => {
  await using started = await startHttpServer();
  const body = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const request of [
    `POST /hooks/shop HTTP/1.1\r\nHost: localhost\r\n${body}`,
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n\r\n",
  ]) {
    const { status } = await rawExchange(started.port, request, 2000);
    expect(status === 400 || status === 421).toBe(true);
  }
});

test.concurrent("300 connections that drip their bytes are cut off, and others are answered meanwhile", async () => {
  await using started = await startHttpServer({ idleTimeoutSeconds: 2 });
  const heads = [
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n",
    "",
  ];
  let open = 0;
  const sockets = Array.from({ length: 300 }, (_, index) => {
    const socket = connect(started.port, "127.0.0.1");
    open += 1;
    socket.on("close", () => {
      open -= 1;
    });
    // Writing to a connection that the server has cut is what this test waits for.
    socket.on("error", () => socket.destroy());
    socket.write(heads[index % heads.length] ?? "");
    return socket;
  });
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write("a");
  }, 500);
  try {
    const startMs = performance.now();
    for (let index = 0; index < 20; index++) expect((await fetch(`${started.url}/healthz`)).status).toBe(200);
    expect(performance.now() - startMs).toBeLessThan(2000);
    while (open > 0 && performance.now() - startMs < 25_000) await Bun.sleep(100);
    expect(open).toBe(0);
  } finally {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  }
}, 40_000);

test.concurrent("an answer that takes long is not cut, and a peer that falls silent after one is", async () => {
  const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 };
  const engine = scriptedEngine(async function* () {
    yield { type: "queued", position: 1, predictedWaitMs: 1 };
    await Bun.sleep(6500);
    yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
    yield { type: "delta", text: "late" };
    yield { type: "end", reason: "stop", usage };
  });
  await using started = await startHttpServer({ idleTimeoutSeconds: 1 }, undefined, engine);
  const { authorization } = asKey(started.services, ["models"]);
  const post = (stream: boolean): string => {
    const body = JSON.stringify({ model: "default", stream, messages: [{ role: "user", content: "hi" }] });
    const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}`;
    return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  const exchanges = [post(true), post(false)].map((bytes) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(started.port, "127.0.0.1");
    let text = "";
    socket.on("data", (data) => {
      text += data.toString();
    });
    // The server closes it, some seconds after the answer.
    socket.on("close", () => resolve(text));
    socket.write(bytes);
    return promise;
  });
  for (const text of await Promise.all(exchanges)) expect(text).toContain("late");
}, 30_000);
