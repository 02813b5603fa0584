// SPDX-License-Identifier: AGPL-3.0-only
import type { InboundEvent } from "../../protocol/index.ts";
import { type WebChatClientMessage, webChatClientMessageSchema } from "./web-chat-protocol.ts";

/** Person and conversation as the one name that the rest of the box knows the conversation by. */
export function scopedConversation(person: string, conversation: string): string {
  return `${person}/${conversation}`;
}

/** A frame of a browser as a message of the protocol; undefined when it is none. Pure; never throws. */
export function parseWebChatFrame(frame: string): WebChatClientMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    // Not JSON: answered as an invalid message by the caller.
    return undefined;
  }
  const parsed = webChatClientMessageSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The event of something that a person sent. Pure. Who they are comes from their session, never from the frame. */
export function toInboundEvent(
  message: Extract<WebChatClientMessage, { type: "send" }>,
  person: string,
  nowMs: number,
): InboundEvent {
  const { id, text, language } = message;
  const conversation = scopedConversation(person, message.conversation);
  return {
    eventId: `${conversation}/${id}`,
    lane: conversation,
    conversation,
    isGroup: false,
    sender: { address: person, isVerified: true },
    kind: "message",
    text,
    messageId: id,
    sentMs: nowMs,
    ...(language === undefined ? {} : { language }),
  };
}

/** The event of a frame; undefined when the frame says nothing that is to be answered. */
export function decodeWebChatFrame(frame: string, person: string, nowMs: number): InboundEvent | undefined {
  const message = parseWebChatFrame(frame);
  return message?.type === "send" ? toInboundEvent(message, person, nowMs) : undefined;
}
