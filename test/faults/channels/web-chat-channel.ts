// SPDX-License-Identifier: AGPL-3.0-only
import {
  type WebChatServerMessage,
  webChatServerMessageSchema,
} from "../../../appliance/messaging/adapters/web-chat/index.ts";
import { openSocket } from "../../harness/open-socket.ts";
import { signIn } from "../../harness/sign-in.ts";
import type { FaultChannel, FaultPeer } from "./fault-channel.ts";

const conversation = "fault";

/** The console's chat. The page sends a message again after a reconnect until it was accepted, and resumes by number. */
export const webChatFaultChannel: FaultChannel = {
  name: "web-chat",
  missing: undefined,
  async prepare(home) {
    return {
      async connect(appliance): Promise<FaultPeer> {
        const cookie = await signIn(home, appliance.baseUrl);
        const unaccepted = new Map<string, string>();
        const messages = new Map<number, { direction: string; text: string; replyTo?: string | undefined }>();
        let socket: WebSocket | undefined;
        const send = (frame: unknown): void => {
          if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
        };
        const take = (message: WebChatServerMessage): void => {
          if (message.type === "accepted") unaccepted.delete(message.id);
          if (message.type === "message") messages.set(message.message.sequence, message.message);
        };
        const open = async (): Promise<void> => {
          socket = openSocket(`${appliance.baseUrl.replace("http", "ws")}/api/chat/socket`, {
            cookie,
            origin: appliance.baseUrl,
          });
          socket.onmessage = (event) => take(webChatServerMessageSchema.parse(JSON.parse(String(event.data))));
          await new Promise<void>((resolve, reject) => {
            if (socket === undefined) return;
            socket.onopen = () => resolve();
            socket.onerror = () => reject(new Error("the web chat did not open"));
          });
          send({ type: "resume", conversation, afterSequence: Math.max(0, ...messages.keys()) });
          for (const [id, text] of unaccepted) send({ type: "send", id, conversation, text });
        };
        await open();
        return {
          say(id, text) {
            unaccepted.set(id, text);
            send({ type: "send", id, conversation, text });
          },
          repliesTo: (id) =>
            [...messages.values()]
              .filter((message) => message.direction === "out" && message.replyTo === id)
              .map((message) => message.text),
          reconnect: open,
          [Symbol.asyncDispose]: async () => socket?.close(),
        };
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
};
