// SPDX-License-Identifier: AGPL-3.0-only
import type { ServerWebSocket, WebSocketHandler } from "bun";
import type { Caller } from "../caller.ts";
import type { ChatConnection, ChatSocket, OpenChat } from "./chat-socket.ts";

/** What a WebSocket carries. */
export interface ChatSocketData {
  readonly caller: Caller;
  connection: ChatConnection | null;
}

/** The open WebSockets of the web chat. */
export interface ChatSockets {
  readonly handler: WebSocketHandler<ChatSocketData>;
  /** Tells every browser that the box goes away; they come back by themselves. */
  closeAll(): void;
}

/** Binds WebSockets to the web chat. */
export function createChatSockets(openChat: OpenChat): ChatSockets {
  const open = new Set<ServerWebSocket<ChatSocketData>>();
  return {
    closeAll() {
      for (const socket of open) socket.close(1001, "the box stops");
    },
    handler: {
      maxPayloadLength: 1_048_576,
      idleTimeout: 120,
      sendPings: true,
      // The chat cuts a tab off long before this; the limit is for the case that it does not.
      backpressureLimit: 16_777_216,
      closeOnBackpressureLimit: true,
      open(socket) {
        open.add(socket);
        socket.data.connection = openChat(toChatSocket(socket), socket.data.caller);
      },
      message(socket, data) {
        // The chat's protocol is text; nothing of it is binary.
        if (typeof data === "string") void socket.data.connection?.onMessage(data);
        else socket.close(1003, "text only");
      },
      close(socket) {
        open.delete(socket);
        socket.data.connection?.onClose();
      },
    },
  };
}

function toChatSocket(socket: ServerWebSocket<ChatSocketData>): ChatSocket {
  return {
    send: (text) => void socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    bufferedBytes: () => socket.getBufferedAmount(),
  };
}
