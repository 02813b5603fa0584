// SPDX-License-Identifier: AGPL-3.0-only
import { connect, type Socket } from "node:net";
import type { Engine } from "../../appliance/inference/engine/index.ts";
import { createHttpServer, type HttpServerOptions, type OpenChat } from "../../appliance/lan/http-api/index.ts";
import { testApp } from "../../appliance/lan/http-api/testing.ts";
import { silentLogger } from "../../shared/logging/index.ts";

/** The real server with services in memory, on a free loopback port. */
export async function startHttpServer(options: Partial<HttpServerOptions> = {}, openChat?: OpenChat, engine?: Engine) {
  const { app, services } = testApp({}, engine);
  const server = createHttpServer(
    {
      handle: (request, connection) => app.fetch(request, connection),
      logger: silentLogger,
      ...(openChat && { openChat }),
    },
    { listen: { host: "127.0.0.1", port: 0 }, drainMs: 200, ...options },
  );
  await server.start(new AbortController().signal);
  const { port } = server.address();
  return { server, services, port, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.stop() };
}

/** What a raw exchange came to. */
export interface RawAnswer {
  /** Everything that came back. */
  readonly text: string;
  /** Of the first answer; null when the connection was closed without one. */
  readonly status: number | null;
  readonly tookMs: number;
}

/** Sends bytes as they are; ends at the first whole head of an answer, at the close, or after `limitMs`. */
export function rawExchange(port: number, bytes: string | Uint8Array, limitMs: number): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    const socket: Socket = connect(port, "127.0.0.1");
    let text = "";
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ text, status: status === undefined ? null : Number(status), tookMs: performance.now() - startMs });
    };
    const timer = setTimeout(end, limitMs);
    socket.on("data", (data) => {
      text += data.toString("latin1");
      if (text.includes("\r\n\r\n")) end();
    });
    socket.on("close", end);
    // A reset is an answer too: the connection is closed.
    socket.on("error", end);
    socket.write(bytes);
  });
}
