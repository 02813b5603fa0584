// SPDX-License-Identifier: AGPL-3.0-only
export type { WebChat, WebChatConnection, WebChatDeps, WebChatOptions } from "./create-web-chat.ts";
export { createWebChat } from "./create-web-chat.ts";
export { decodeWebChatFrame } from "./decode-web-chat-frame.ts";
export { webChatManifest } from "./web-chat-manifest.ts";
export type {
  WebChatClientMessage,
  WebChatConversation,
  WebChatServerMessage,
  WebChatStoredMessage,
} from "./web-chat-protocol.ts";
export {
  webChatClientMessageSchema,
  webChatConversationSchema,
  webChatServerMessageSchema,
  webChatStoredMessageSchema,
} from "./web-chat-protocol.ts";
export type { WebChatTransport } from "./web-chat-socket.ts";
