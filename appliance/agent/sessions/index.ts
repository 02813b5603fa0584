// SPDX-License-Identifier: AGPL-3.0-only
export type { ConversationEntry, ConversationSummary, Conversations, Page } from "./conversations.ts";
export { createConversations } from "./conversations.ts";
export type { SessionDeps } from "./ports.ts";
export type { SessionAddress } from "./session-address.ts";
export { sessionAddressText } from "./session-address.ts";
export type { HistoryTurn, SessionHistory, SessionStore, TurnTicket } from "./session-store.ts";
export { createSessionStore } from "./session-store.ts";
export type { TurnResult } from "./turn-row.ts";
