// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Caller } from "../../appliance/lan/http-api/index.ts";
import { asKey, asSession } from "../../appliance/lan/http-api/testing.ts";
import { scriptedEngine } from "../../appliance/lan/openai-api/testing.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { rawExchange, startHttpServer } from "./http-server.ts";

describe("the control socket", () => {
  test("is its user's only, acts as the owner, and goes away with the server", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "hearth.sock");
    const umask = process.umask();
    const started = await startHttpServer({ controlSocketPath: path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(umask);
    const response = await fetch("http://hearth/api/session", { unix: path });
    expect(await response.json()).toMatchObject({ via: "control-socket", person: { role: "owner" } });
    const write = {
      method: "POST",
      unix: path,
      body: JSON.stringify({}),
      headers: { "content-type": "application/json" },
    };
    expect(await (await fetch("http://hearth/api/links", write)).json()).toMatchObject({
      url: "http://127.0.0.1:7411/sign-in#one-time-token-0123456789",
    });
    expect(started.services.written).toEqual(["control-socket link-created per_owner"]);
    await started.server.stop();
    expect(() => statSync(path)).toThrow();
  });

  test("a command may take longer than Bun's own ten seconds", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "hearth.sock");
    await using started = await startHttpServer({ controlSocketPath: path, idleTimeoutSeconds: 1 });
    const slow = async () => {
      await Bun.sleep(13_500);
      return { status: "ok" as const, checks: [] };
    };
    Object.assign(started.services.doctor, { run: slow });
    const { authorization } = asKey(started.services, ["admin"]);
    const answers = await Promise.all([
      fetch("http://hearth/api/doctor", { unix: path }),
      fetch(`${started.url}/api/doctor`, { headers: { authorization } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  }, 30_000);

  test("a socket that a killed process left behind is replaced", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "hearth.sock");
    await Bun.write(path, "left behind");
    await using _ = await startHttpServer({ controlSocketPath: path });
    expect((await fetch("http://hearth/healthz", { unix: path })).status).toBe(200);
  });
});

describe("the listening address", () => {
  test("one that is taken is an error that says so and what to do", async () => {
    await using first = await startHttpServer();
    const second = startHttpServer({ listen: { host: "127.0.0.1", port: first.port } });
    await expect(second).rejects.toMatchObject({
      code: "listen-failed",
      remedy: expect.stringContaining("HEARTH_LISTEN"),
    });
  });

  test("a stop lets a running answer finish and takes no new ones", async () => {
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const engine = scriptedEngine(async function* () {
      yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
      begun.resolve();
      await release.promise;
      yield { type: "delta", text: "finished" };
      yield { type: "end", reason: "stop", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 } };
    });
    const started = await startHttpServer({ drainMs: 5000 }, undefined, engine);
    const headers = { ...asKey(started.services, ["models"]), "content-type": "application/json" };
    const body = JSON.stringify({ model: "default", messages: [{ role: "user", content: "hi" }] });
    const running = fetch(`${started.url}/v1/chat/completions`, { method: "POST", headers, body });
    await begun.promise;
    const stopping = started.server.stop();
    const isRefused = await fetch(`${started.url}/healthz`).then(
      async (response) => response.status === 503 && (await response.text()).includes("box-stops"),
      () => true,
    );
    expect(isRefused).toBe(true);
    release.resolve();
    expect(await (await running).json()).toMatchObject({ choices: [{ message: { content: "finished" } }] });
    await stopping;
    expect(started.server.health().status).toBe("down");
  });

  test("a stop does not wait for streams that never end, open chats and idle connections", async () => {
    const closed = Promise.withResolvers<number>();
    const openChat = () => ({ onMessage: async () => undefined, onClose: () => undefined });
    const started = await startHttpServer({ drainMs: 20_000 }, openChat);
    const { cookie } = asSession(started.services, started.services.persons.owner);
    const stream = await fetch(`${started.url}/api/activity/stream`, { headers: { cookie } });
    const socket = new WebSocket(`${started.url.replace("http", "ws")}/api/chat/socket`, {
      headers: { cookie, origin: started.url },
    } as never);
    socket.onclose = (event) => closed.resolve(event.code);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    const idle = await rawExchange(started.port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 2000);
    expect(idle.status).toBe(200);
    const startMs = performance.now();
    await started.server.stop();
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(await closed.promise).toBe(1001);
    expect(await stream.text()).toStartWith(":");
  });

  test("an answer that outlasts the grace ends with a word that says so, and its engine is told", async () => {
    let begun = 0;
    const engine = scriptedEngine(async function* (_, signal) {
      yield { type: "started", model: "tiny", promptTokens: 1, cachedTokens: 0 };
      begun += 1;
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    });
    const started = await startHttpServer({ drainMs: 100 }, undefined, engine);
    Object.assign(started.services.doctor, { run: () => new Promise(() => undefined) });
    const headers = { ...asKey(started.services, ["models", "read"]), "content-type": "application/json" };
    const ask = (stream: boolean) => {
      const body = JSON.stringify({ model: "default", stream, messages: [{ role: "user", content: "hi" }] });
      return fetch(`${started.url}/v1/chat/completions`, { method: "POST", headers, body });
    };
    const answers = [ask(false), ask(true), fetch(`${started.url}/api/doctor`, { headers })];
    while (begun < 2) await Bun.sleep(5);
    const stopping = started.server.stop();
    const [whole, stream, doctor] = await Promise.all(answers);
    expect([whole?.status, whole?.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await whole?.json()).toEqual({
      error: {
        message: "The box stops. Send the request again when it is up.",
        type: "server_error",
        param: null,
        code: "box_stopping",
      },
    });
    expect(await stream?.text()).toEndWith(
      'data: {"error":{"message":"The box stops. Send the request again when it is up.","type":"server_error","param":null,"code":"box_stopping"}}\n\n',
    );
    expect([doctor?.status, doctor?.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await doctor?.json()).toMatchObject({ error: { code: "box-stops", remedy: expect.any(String) } });
    await stopping;
    expect(engine.signals.map((signal) => signal.aborted)).toEqual([true, true]);
  });
});

describe("the web chat's socket", () => {
  const frames: string[] = [];
  const callers: Caller[] = [];
  let closes = 0;
  const openChat = (socket: { send(text: string): void }, caller: Caller) => {
    callers.push(caller);
    return {
      async onMessage(frame: string) {
        frames.push(frame);
        socket.send(`you said ${frame}`);
      },
      onClose() {
        closes += 1;
      },
    };
  };

  function open(url: string, headers: Record<string, string>): Promise<WebSocket | number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/api/chat/socket`, { headers } as never);
      socket.onopen = () => resolve(socket);
      socket.onerror = () => resolve(0);
    });
  }

  test("opens for the console's own page with a session, and carries text both ways", async () => {
    await using started = await startHttpServer({}, openChat);
    const session = asSession(started.services, started.services.persons.member);
    const socket = await open(started.url, { cookie: session.cookie, origin: started.url });
    if (typeof socket === "number") throw new Error("it did not open");
    const answer = new Promise((resolve) => {
      socket.onmessage = (event) => resolve(event.data);
    });
    socket.send("hello");
    expect(await answer).toBe("you said hello");
    expect(callers.at(-1)?.person.name).toBe("Mia");
    const isClosed = new Promise((resolve) => {
      socket.onclose = resolve;
    });
    socket.close();
    await isClosed;
    await Bun.sleep(20);
    expect(closes).toBe(1);
  });

  test("does not open for a foreign page, without an Origin, without a session, or for a key", async () => {
    await using started = await startHttpServer({}, openChat);
    const { services, url } = started;
    const before = callers.length;
    const { cookie } = asSession(services, services.persons.owner);
    const { authorization } = asKey(services, ["admin"]);
    for (const headers of [
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
      { cookie, origin: "http://127.0.0.1:1" },
      { cookie, origin: url, host: "evil.example" },
      { origin: url },
      { authorization, origin: url },
    ]) {
      expect([headers, await open(url, headers as Record<string, string>)]).toEqual([headers, 0]);
    }
    const bare = {
      cookie,
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    const response = await fetch(`${url}/api/chat/socket`, { headers: { ...bare, "sec-websocket-version": "13" } });
    expect(response.status).toBe(403);
    expect(callers.length).toBe(before);
  });
});

describe("streams and webhooks over the wire", () => {
  test("a webhook's body reaches its channel byte for byte, without key or session", async () => {
    await using started = await startHttpServer();
    const body = '{"id": "1",  "text":"ünï"}\n';
    const response = await fetch(`${started.url}/hooks/shop`, { method: "POST", body });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ name: "shop", body });
    const foreign = await fetch(`${started.url}/hooks/shop`, {
      method: "POST",
      body,
      headers: { origin: "https://evil.example" },
    });
    expect(foreign.status).toBe(403);
  });

  test("activity streams to who may read it, and the reader's leaving ends it", async () => {
    await using started = await startHttpServer();
    const listeners = new Set<(point: never) => void>();
    Object.assign(started.services.activity, {
      subscribe(listener: (point: never) => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    });
    const { cookie } = asSession(started.services, started.services.persons.owner);
    const response = await fetch(`${started.url}/api/activity/stream`, { headers: { cookie } });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toStartWith(":");
    const first = reader.read();
    while (listeners.size === 0) await Bun.sleep(5);
    for (const listener of listeners) listener({ atMs: 5 } as never);
    expect(new TextDecoder().decode((await first).value)).toBe('event: point\ndata: {"atMs":5}\n\n');
    await reader.cancel();
    for (let tries = 0; listeners.size > 0 && tries < 100; tries++) await Bun.sleep(10);
    expect(listeners.size).toBe(0);
    expect((await fetch(`${started.url}/api/activity/stream`)).status).toBe(401);
  });
});
