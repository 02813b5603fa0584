// SPDX-License-Identifier: AGPL-3.0-only
import { Hono } from "hono";
import { createConsoleRoutes, loadConsoleAssets } from "../../../appliance/lan/console/index.ts";
import type { Session } from "../../../appliance/lan/http-api/index.ts";
import { type BoxChat, createBoxChat } from "./box-chat.ts";
import { type BoxData, busyBox } from "./box-data.ts";
import { mountBoxApi } from "./mount-box-api.ts";

/** A box for the console's tests: the console as it is served, over an API in memory. */
export interface ConsoleBox extends AsyncDisposable {
  readonly url: string;
  /** An address that signs in, as `hearth open` prints it. Works once. */
  readonly link: string;
  data: BoxData;
  role: Session["person"]["role"];
  readonly chat: BoxChat;
  /** Writes that were taken: `POST /api/keys` and so on. */
  readonly writes: string[];
  /** While true, everything under `/api` answers with an error. */
  isBroken: boolean;
  /** Ends what is being streamed. */
  endStreams(): void;
  streamsEnded: number;
  /** While true, no WebSocket is let in. */
  refusesSockets: boolean;
}

/** Starts a {@link ConsoleBox} on a free port of the loopback interface. */
export async function startConsoleBox(now: () => number = Date.now): Promise<ConsoleBox> {
  const app = new Hono();
  const chat = createBoxChat(now);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request, self) {
      if (new URL(request.url).pathname !== "/api/chat/socket") return app.fetch(request);
      if (box.refusesSockets || !self.upgrade(request)) return new Response("no", { status: 503 });
      return undefined;
    },
    websocket: {
      open: (socket) => chat.open(socket),
      close: (socket) => chat.close(socket),
      message: (socket, frame) => chat.message(socket, String(frame)),
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const box: ConsoleBox = {
    url,
    link: `${url}/sign-in#one-time-token`,
    data: busyBox(now()),
    role: "owner",
    chat,
    writes: [],
    isBroken: false,
    streamsEnded: 0,
    endStreams() {
      box.streamsEnded++;
    },
    refusesSockets: false,
    async [Symbol.asyncDispose]() {
      chat.end();
      await server.stop(true);
    },
  };
  mountBoxApi(app, box, now);
  app.route("/", createConsoleRoutes(await loadConsoleAssets()));
  return box;
}
