// SPDX-License-Identifier: AGPL-3.0-only
import type { Caller } from "../caller.ts";

/** One WebSocket of the web chat, as the server hands it to whoever serves the chat. */
export interface ChatSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** What was sent and has not left yet. */
  bufferedBytes(): number;
}

/** What the web chat does with a socket. */
export interface ChatConnection {
  /** A text frame came. Never rejects. */
  onMessage(frame: string): Promise<void>;
  onClose(): void;
}

/** The port that the web chat is adapted to. Called once a socket, after the caller was authenticated. */
export type OpenChat = (socket: ChatSocket, caller: Caller) => ChatConnection;
