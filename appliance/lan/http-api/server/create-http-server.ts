// SPDX-License-Identifier: AGPL-3.0-only
import { chmodSync, rmSync } from "node:fs";
import type { Server } from "bun";
import { HearthError, toHearthError } from "../../../../shared/errors/index.ts";
import type { Service, ServiceHealth } from "../../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import type { HttpConnection } from "../http-environment.ts";
import type { OpenChat } from "./chat-socket.ts";
import { type ChatSocketData, type ChatSockets, createChatSockets } from "./chat-sockets.ts";
import type { ListenAddress } from "./parse-listen-address.ts";
import { stopResponse } from "./stop-response.ts";

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

type BoxServer = Server<ChatSocketData>;

/** What the sockets of one run share. */
interface Run {
  readonly deps: HttpServerDeps;
  readonly chats: ChatSockets;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** Aborts when running answers have had their time. */
  readonly ending: AbortSignal;
}

/** How long an answer has, when its time is over, to say so itself before the server does. */
const ownWordMs = 100;
/** How long the last words have to leave. */
const lastWordsMs = 500;

/** Listens on the network address and on the control socket, with the same application behind both. */
export function createHttpServer(deps: HttpServerDeps, options: HttpServerOptions): HttpServer {
  const chats = createChatSockets(deps.openChat ?? refuseChat);
  const servers: BoxServer[] = [];
  let health: ServiceHealth = { status: "down", code: "not-started", message: "not started" };
  let stopping = new AbortController();
  let ending = new AbortController();
  const stop = async (): Promise<void> => {
    health = { status: "down", code: "stopped", message: "stopped" };
    stopping.abort();
    chats.closeAll();
    const stopped = servers.splice(0);
    const drained = Promise.all(stopped.map((server) => server.stop(false)));
    const isDrained = await isDoneWithin(drained, options.drainMs ?? 5000);
    ending.abort();
    if (!isDrained) await isDoneWithin(drained, lastWordsMs);
    await Promise.all(stopped.map((server) => server.stop(true)));
    if (options.controlSocketPath !== undefined) rmSync(options.controlSocketPath, { force: true });
  };
  return {
    name: "http-server",
    async start() {
      stopping = new AbortController();
      ending = new AbortController();
      const run: Run = { deps, chats, stopping: stopping.signal, ending: ending.signal };
      try {
        servers.push(listenOnNetwork(run, options));
        if (options.controlSocketPath !== undefined)
          servers.push(listenOnControlSocket(run, options.controlSocketPath));
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

const refuseChat: OpenChat = (socket) => {
  socket.close(1011, "no web chat here");
  return { onMessage: async () => undefined, onClose: () => undefined };
};

function listenOnNetwork(run: Run, options: HttpServerOptions): BoxServer {
  const isTls = options.tls !== undefined;
  const idleSeconds = options.idleTimeoutSeconds ?? 30;
  return Bun.serve<ChatSocketData>({
    ...commonOptions(run),
    hostname: options.listen.host,
    port: options.listen.port,
    // Without this, Bun 1.4.5 shares the port in production mode: a second box would take half of the requests.
    reusePort: false,
    ...(options.tls !== undefined && { tls: options.tls }),
    idleTimeout: idleSeconds,
    fetch(request, server) {
      const address = server.requestIP(request)?.address ?? "unknown";
      return answer(run, request, server, {
        peer: { kind: "network", address },
        isTls,
        holdOpen: () => server.timeout(request, 0),
        release: () => server.timeout(request, idleSeconds),
      });
    },
  });
}

/**
 * A command of the owner's may wait as long as it likes. Bun's types leave this out for Unix sockets; its code does not,
 * has ten seconds as the default, and gives `server.timeout()` no effect on them.
 */
const withoutTimeout: object = { idleTimeout: 0 };

function listenOnControlSocket(run: Run, path: string): BoxServer {
  // A socket left by a killed process; the data folder's lock says that nobody else uses it.
  rmSync(path, { force: true });
  // Made with the mode it keeps: there must be no moment in which others can open it.
  const umask = process.umask(0o177);
  try {
    const server = Bun.serve<ChatSocketData>({
      ...commonOptions(run),
      ...withoutTimeout,
      unix: path,
      fetch: (request, listening) =>
        answer(run, request, listening, { peer: { kind: "control-socket" }, isTls: false }),
    });
    chmodSync(path, 0o600);
    return server;
  } finally {
    process.umask(umask);
  }
}

function commonOptions({ deps, chats }: Run) {
  return {
    development: false,
    // The application holds bodies to their paths' limits; Bun would cut them with a 413 that says nothing.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    websocket: chats.handler,
    error: (thrown: Error) => {
      deps.logger.error("http-server-failed", { code: toHearthError(thrown).code });
      return new Response(null, { status: 500 });
    },
  };
}

async function answer(
  { deps, stopping, ending }: Run,
  request: Request,
  server: BoxServer,
  connection: Omit<HttpConnection, "stopping" | "ending" | "upgrade">,
): Promise<Response | undefined> {
  if (stopping.aborted) return stopResponse(request.url);
  let isUpgraded = false;
  const handled = deps.handle(request, {
    ...connection,
    stopping,
    ending,
    upgrade(caller) {
      isUpgraded = deps.openChat !== undefined && server.upgrade(request, { data: { caller, connection: null } });
      return isUpgraded;
    },
  });
  const response = await orWhenEnding(handled, ending, () => stopResponse(request.url));
  return isUpgraded ? undefined : response;
}

/** An answer, or, when its time is over and it has no word of its own for that, what `fallback` makes. */
async function orWhenEnding(
  handled: Response | Promise<Response>,
  ending: AbortSignal,
  fallback: () => Response,
): Promise<Response> {
  const late = Promise.withResolvers<Response>();
  const isOver = (): void => void setTimeout(() => late.resolve(fallback()), ownWordMs).unref();
  ending.addEventListener("abort", isOver, { once: true });
  try {
    return await Promise.race([handled, late.promise]);
  } finally {
    ending.removeEventListener("abort", isOver);
  }
}

async function isDoneWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  const timeout = Promise.withResolvers<false>();
  const timer = setTimeout(() => timeout.resolve(false), limitMs);
  const isDone = await Promise.race([work.then(() => true), timeout.promise]);
  clearTimeout(timer);
  return isDone;
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
