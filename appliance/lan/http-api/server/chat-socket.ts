// SPDX-License-Identifier: AGPL-3.0-only
import type { Caller } from "../caller.ts";

/** One WebSocket of the web chat, as the server hands it to whoever serves the chat. */
export interface ChatSocket {
  /** False when the peer does not read and its buffer is full, or the socket is gone: the message was not taken. */
  send(text: string): boolean;
  close(code: number, reason: string): void;
}

/** What the web chat does with a socket. */
export interface ChatConnection {
  message(text: string): void;
  /** The peer reads again after a `send` that returned false. */
  drained(): void;
  closed(): void;
}

/** The port that the web chat's server is adapted to. Called once a socket, after the caller was authenticated. */
export type OpenChat = (socket: ChatSocket, caller: Caller) => ChatConnection;
