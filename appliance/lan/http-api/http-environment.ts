// SPDX-License-Identifier: AGPL-3.0-only
import type { Caller } from "./caller.ts";

/** What the server knows of a connection and a request of its own does not say. */
export interface HttpConnection {
  /** The socket's peer; `X-Forwarded-For` is never looked at. */
  readonly peer: { readonly kind: "control-socket" } | { readonly kind: "network"; readonly address: string };
  readonly isTls: boolean;
  /** Lifts the idle time-out (which what is sent does not push on), for answers that take as long as they take. */
  readonly holdOpen?: () => void;
  /** Puts it back when the answer is made, for the next request of the connection. */
  readonly release?: () => void;
  /** Aborts when the server stops: streams that never end by themselves end then. */
  readonly stopping?: AbortSignal;
  /** Aborts when the time that a stop leaves to running answers is over: they end then, and say why. */
  readonly ending?: AbortSignal;
  /** Makes a WebSocket of the request; false when it is none. */
  readonly upgrade?: (caller: Caller) => boolean;
}

/** Types of the Hono application. */
export interface HttpEnvironment {
  Bindings: HttpConnection;
  Variables: { caller: Caller | null };
}
