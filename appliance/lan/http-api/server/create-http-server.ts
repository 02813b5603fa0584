// SPDX-License-Identifier: AGPL-3.0-only
import { chmodSync, rmSync } from "node:fs";
import type { Server, ServerWebSocket, WebSocketHandler } from "bun";
import { HearthError, toHearthError } from "../../../../shared/errors/index.ts";
import type { Service, ServiceHealth } from "../../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import type { Caller } from "../caller.ts";
import type { HttpConnection } from "../http-environment.ts";
import { largestBodyBytes } from "../security/read-body.ts";
import type { ChatConnection, ChatSocket, OpenChat } from "./chat-socket.ts";
import type { ListenAddress } from "./parse-listen-address.ts";

/** Answers requests; the HTTP application's `fetch`. */
export type HandleRequest = (request: Request, connection: HttpConnection) => Response | Promise<Response>;

export interface HttpServerDeps {
  readonly handle: HandleRequest;
  readonly openChat?: OpenChat;
  readonly logger: Logger;
}

export interface HttpServerOptions {
  readonly listen: ListenAddress;
  /** Path of the control socket: whoever can open it is the owner, so its mode is 0600. Absent: none. */
  readonly controlSocketPath?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A connection that is silent (or still sends its body) for this long is closed. Default 30 s. */
  readonly idleTimeoutSeconds?: number;
  /** How long a stop waits for running answers. Default 5 s. */
  readonly drainMs?: number;
}

/** The listening sockets of the box. */
export interface HttpServer extends Service {
  /** The address it really listens on, after start. */
  address(): ListenAddress;
}

interface SocketData {
  readonly caller: Caller;
  connection: ChatConnection | null;
}

/** Listens on the network address and on the control socket, with the same application behind both. */
export function createHttpServer(deps: HttpServerDeps, options: HttpServerOptions): HttpServer {
  const servers: Server<SocketData>[] = [];
  let health: ServiceHealth = { status: "down", code: "not-started", message: "not started" };
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    health = { status: "down", code: "stopped", message: "stopped" };
    await Promise.all(servers.splice(0).map((server) => drain(server, options.drainMs ?? 5000)));
    if (options.controlSocketPath !== undefined) rmSync(options.controlSocketPath, { force: true });
    isStopping = false;
  };
  return {
    name: "http-server",
    async start() {
      try {
        servers.push(listenOnNetwork(deps, options, () => isStopping));
        if (options.controlSocketPath !== undefined) {
          servers.push(listenOnControlSocket(deps, options.controlSocketPath, () => isStopping));
        }
      } catch (thrown) {
        await stop();
        throw listenError(options, thrown);
      }
      health = { status: "ok" };
    },
    stop,
    health: () => health,
    address: () => ({ host: options.listen.host, port: servers[0]?.port ?? options.listen.port }),
  };
}

function listenOnNetwork(
  deps: HttpServerDeps,
  options: HttpServerOptions,
  isStopping: () => boolean,
): Server<SocketData> {
  const isTls = options.tls !== undefined;
  const idleSeconds = options.idleTimeoutSeconds ?? 30;
  return Bun.serve<SocketData>({
    ...commonOptions(deps),
    hostname: options.listen.host,
    port: options.listen.port,
    // Without this, Bun 1.4.5 shares the port in production mode: a second box would take half of the requests.
    reusePort: false,
    ...(options.tls !== undefined && { tls: options.tls }),
    idleTimeout: idleSeconds,
    fetch(request, server) {
      const address = server.requestIP(request)?.address ?? "unknown";
      return answer(deps, request, server, { peer: { kind: "network", address }, isTls }, isStopping(), idleSeconds);
    },
  });
}

function listenOnControlSocket(deps: HttpServerDeps, path: string, isStopping: () => boolean): Server<SocketData> {
  // A socket left by a killed process; the data folder's lock says that nobody else uses it.
  rmSync(path, { force: true });
  // Made with the mode it keeps: there must be no moment in which others can open it.
  const umask = process.umask(0o177);
  try {
    const server = Bun.serve<SocketData>({
      ...commonOptions(deps),
      unix: path,
      fetch: (request, server) =>
        // A command of the owner's may wait as long as it likes: no time-out.
        answer(deps, request, server, { peer: { kind: "control-socket" }, isTls: false }, isStopping(), 0),
    });
    chmodSync(path, 0o600);
    return server;
  } finally {
    process.umask(umask);
  }
}

function commonOptions(deps: HttpServerDeps) {
  return {
    development: false,
    maxRequestBodySize: largestBodyBytes + 65_536,
    websocket: chatHandler(deps),
    error: (thrown: Error) => {
      deps.logger.error("http-server-failed", { code: toHearthError(thrown).code });
      return new Response(null, { status: 500 });
    },
  };
}

async function answer(
  deps: HttpServerDeps,
  request: Request,
  server: Server<SocketData>,
  peer: Pick<HttpConnection, "peer" | "isTls">,
  isStopping: boolean,
  idleSeconds: number,
): Promise<Response | undefined> {
  if (isStopping) return new Response(null, { status: 503, headers: { "retry-after": "2", connection: "close" } });
  let isUpgraded = false;
  const response = await deps.handle(request, {
    ...peer,
    ...(idleSeconds > 0 && {
      holdOpen: () => server.timeout(request, 0),
      release: () => server.timeout(request, idleSeconds),
    }),
    upgrade(caller) {
      isUpgraded = deps.openChat !== undefined && server.upgrade(request, { data: { caller, connection: null } });
      return isUpgraded;
    },
  });
  return isUpgraded ? undefined : response;
}

function chatHandler(deps: HttpServerDeps): WebSocketHandler<SocketData> {
  return {
    maxPayloadLength: 1_048_576,
    idleTimeout: 120,
    sendPings: true,
    // The chat cuts a tab off long before this; the limit is for the case that it does not.
    backpressureLimit: 16_777_216,
    closeOnBackpressureLimit: true,
    open(socket) {
      const openChat = deps.openChat;
      if (openChat === undefined) return;
      socket.data.connection = openChat(toChatSocket(socket), socket.data.caller);
    },
    message(socket, data) {
      // The chat's protocol is text; nothing of it is binary.
      if (typeof data === "string") void socket.data.connection?.onMessage(data);
      else socket.close(1003, "text only");
    },
    close: (socket) => socket.data.connection?.onClose(),
  };
}

function toChatSocket(socket: ServerWebSocket<SocketData>): ChatSocket {
  return {
    send: (text) => void socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    bufferedBytes: () => socket.getBufferedAmount(),
  };
}

async function drain(server: Server<SocketData>, drainMs: number): Promise<void> {
  const isDrained = server.stop(false);
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, drainMs).unref());
  await Promise.race([isDrained, timeout]);
  await server.stop(true);
}

function listenError(options: HttpServerOptions, cause: unknown): HearthError {
  const { host, port } = options.listen;
  return new HearthError({
    code: "listen-failed",
    message: `cannot listen on ${host}:${port}: ${toHearthError(cause).message}`,
    remedy: "Stop what uses the address, or set HEARTH_LISTEN to another one.",
    cause,
  });
}
