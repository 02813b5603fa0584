// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Caller } from "../../appliance/lan/http-api/index.ts";
import { asKey, asSession } from "../../appliance/lan/http-api/testing.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";
import { startHttpServer } from "./http-server.ts";

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
    const started = await startHttpServer({ drainMs: 2000 });
    const headers = { ...asKey(started.services, ["models"]), "content-type": "application/json" };
    const body = JSON.stringify({ model: "default", messages: [{ role: "user", content: "hi" }] });
    const running = fetch(`${started.url}/v1/chat/completions`, { method: "POST", headers, body });
    const answer = await running;
    const stopping = started.server.stop();
    expect((await answer.json()) as object).toMatchObject({ object: "chat.completion" });
    await stopping;
    await expect(fetch(`${started.url}/healthz`)).rejects.toThrow();
    expect(started.server.health().status).toBe("down");
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
