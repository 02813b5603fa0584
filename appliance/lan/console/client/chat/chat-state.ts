// SPDX-License-Identifier: AGPL-3.0-only
import type {
  WebChatConversation,
  WebChatServerMessage,
  WebChatStoredMessage,
} from "../../../../messaging/adapters/web-chat/index.ts";

/** A message of the person's that the box has not confirmed as stored. */
export interface UnsentMessage {
  readonly id: string;
  readonly conversation: string;
  readonly text: string;
  readonly atMs: number;
  /** Set when the box would not take it: it is sent again only when the person says so. */
  readonly problem?: string;
}

/** An answer that is being made, by the id of the message it answers. */
export type LiveTurn = { readonly conversation: string } & (
  | { readonly state: "queued"; readonly position: number; readonly predictedWaitMs: number }
  | { readonly state: "answering"; readonly text: string }
);

/** Everything the chat shows. Changed by {@link reduceChat} only. */
export interface ChatState {
  readonly link: "closed" | "connecting" | "online" | "waiting";
  /** When the next attempt to connect is made, while `link` is `waiting`. */
  readonly retryAtMs: number | undefined;
  /** The conversation that is shown; undefined until the box has said which there are. */
  readonly conversation: string | undefined;
  readonly conversations: readonly WebChatConversation[];
  /** Stored messages of the conversation, by ascending sequence, each once. */
  readonly messages: readonly WebChatStoredMessage[];
  /** Whether everything up to now was received since the conversation was opened or the line came back. */
  readonly isCaughtUp: boolean;
  readonly hasEarlier: boolean;
  readonly unsent: readonly UnsentMessage[];
  /** Of every conversation that was opened on this line, so that coming back to one finds its answer growing. */
  readonly turns: Readonly<Record<string, LiveTurn>>;
  /** How answers ended, by the id of the message they answer. */
  readonly endings: Readonly<Record<string, Extract<WebChatServerMessage, { type: "turn-ended" }>>>;
  /** Messages that the gateway did not let in: id → reason. */
  readonly refusals: Readonly<Record<string, string>>;
  /** What the box said about the connection as a whole. */
  readonly problem: string | undefined;
}

/** Something that happened to the chat: a frame of the box, or something here. */
export type ChatEvent =
  | { readonly type: "box-said"; readonly said: WebChatServerMessage }
  | { readonly type: "connecting" | "opened" | "stopped" }
  | { readonly type: "lost"; readonly retryAtMs: number }
  | { readonly type: "written"; readonly message: UnsentMessage }
  | { readonly type: "written-again"; readonly id: string }
  | { readonly type: "conversation-chosen"; readonly conversation: string };

/** The chat before anything happened. */
export const emptyChatState: ChatState = {
  link: "closed",
  retryAtMs: undefined,
  conversation: undefined,
  conversations: [],
  messages: [],
  isCaughtUp: false,
  hasEarlier: false,
  unsent: [],
  turns: {},
  endings: {},
  refusals: {},
  problem: undefined,
};
