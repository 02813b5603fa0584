// SPDX-License-Identifier: AGPL-3.0-only
import { type ReadonlySignal, signal } from "@preact/signals";
import type { WebChatClientMessage, WebChatServerMessage } from "../../../../messaging/adapters/web-chat/index.ts";
import { type ChatEvent, type ChatState, emptyChatState } from "./chat-state.ts";
import { highestUnbroken, reduceChat } from "./reduce-chat.ts";

/** The part of a browser's WebSocket that is used. */
export type ChatSocket = Pick<WebSocket, "send" | "close" | "onopen" | "onclose" | "onmessage">;

export interface ChatConnectionDeps {
  readonly openSocket: () => ChatSocket;
  /** Letters, digits, `_` and `-`, at most 64; never the same twice. */
  readonly createId: () => string;
  /** Calls back after the delay; returns how to call that off. */
  readonly setTimer: (delayMs: number, callback: () => void) => () => void;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly now: () => number;
  /** BCP 47, of the page. */
  readonly language: () => string;
  /** The line could not be opened: perhaps nobody is signed in any more. */
  readonly onConnectFailed: () => void;
}

/**
 * The chat of this browser tab over one WebSocket. It reconnects by itself; a message is kept, and sent again under the
 * same id, until the box confirms it, so that none is lost and none is taken twice.
 */
export interface ChatConnection {
  readonly state: ReadonlySignal<ChatState>;
  start(): void;
  /** Ends the connection, and forgets everything: somebody else may sign in. */
  stop(): void;
  reconnectNow(): void;
  send(text: string): void;
  /** Sends a message again that the box did not take. */
  sendAgain(id: string): void;
  /** Stops the answers of the conversation. */
  stopAnswer(): void;
  newConversation(): void;
  openConversation(conversation: string): void;
  loadEarlier(): void;
}

const firstRetryMs = 500;
const longestRetryMs = 15_000;
const pingEveryMs = 20_000;
const pongWithinMs = 10_000;
/** The box ended the session of this browser. */
const signedOutCode = 4401;

/** A {@link ChatConnection}; nothing happens before `start`. */
export function createChatConnection(deps: ChatConnectionDeps): ChatConnection {
  const state = signal<ChatState>(emptyChatState);
  let socket: ChatSocket | undefined;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;
  let cancelHeartbeat: (() => void) | undefined;

  const apply = (event: ChatEvent): void => {
    state.value = reduceChat(state.peek(), event);
  };
  const say = (frame: WebChatClientMessage): void => {
    if (state.peek().link === "online") socket?.send(JSON.stringify(frame));
  };
  const sayMessage = (id: string, conversation: string, text: string): void =>
    say({ type: "send", id, conversation, text, language: deps.language() });
  const resume = (): void => {
    const { conversation, messages } = state.peek();
    if (conversation !== undefined) say({ type: "resume", conversation, afterSequence: highestUnbroken(messages) });
  };
  const choose = (conversation: string): void => {
    apply({ type: "conversation-chosen", conversation });
    resume();
  };

  /** Asks for a sign of life; a line that stays silent is dead, whatever the browser believes. */
  const beat = (): void => {
    cancelHeartbeat?.();
    cancelHeartbeat = deps.setTimer(pingEveryMs, () => {
      say({ type: "ping" });
      cancelHeartbeat = deps.setTimer(pongWithinMs, () => drop());
    });
  };

  function take(data: unknown): void {
    beat();
    // The box speaks the protocol this page was built with; a frame that is no JSON came from something in between.
    const said = JSON.parse(String(data)) as WebChatServerMessage;
    apply({ type: "box-said", said });
    if (said.type === "conversations") failures = 0;
    if (said.type === "conversations" && state.peek().conversation === undefined) {
      choose(said.conversations[0]?.conversation ?? deps.createId());
    }
  }

  function opened(): void {
    apply({ type: "opened" });
    beat();
    say({ type: "conversations" });
    resume();
    for (const own of state.peek().unsent) {
      if (own.problem === undefined) sayMessage(own.id, own.conversation, own.text);
    }
  }

  function lost(): void {
    cancelHeartbeat?.();
    socket = undefined;
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failures) * (0.75 + deps.random() / 2);
    failures++;
    apply({ type: "lost", retryAtMs: deps.now() + delayMs });
    cancelRetry = deps.setTimer(delayMs, connect);
    if (failures > 1) deps.onConnectFailed();
  }

  /** Lets go of the socket without waiting for its closing handshake, which a dead line never finishes. */
  function drop(): void {
    const dropped = socket;
    if (dropped === undefined) return;
    detach(dropped);
    dropped.close();
    lost();
  }

  function detach(old: ChatSocket): void {
    old.onopen = null;
    old.onclose = null;
    old.onmessage = null;
  }

  function connect(): void {
    cancelRetry?.();
    apply({ type: "connecting" });
    const opening = deps.openSocket();
    socket = opening;
    opening.onopen = opened;
    opening.onmessage = (event) => take(event.data);
    opening.onclose = ({ code }) => {
      lost();
      if (code === signedOutCode) deps.onConnectFailed();
    };
  }

  return {
    state,
    start() {
      if (state.peek().link === "closed") connect();
    },
    stop() {
      cancelRetry?.();
      cancelHeartbeat?.();
      if (socket !== undefined) {
        detach(socket);
        socket.close();
        socket = undefined;
      }
      failures = 0;
      state.value = emptyChatState;
    },
    reconnectNow() {
      if (state.peek().link === "waiting") connect();
    },
    send(text) {
      const { conversation } = state.peek();
      if (conversation === undefined) return;
      const message = { id: deps.createId(), conversation, text, atMs: deps.now() };
      apply({ type: "written", message });
      sayMessage(message.id, conversation, text);
    },
    sendAgain(id) {
      apply({ type: "written-again", id });
      const own = state.peek().unsent.find((message) => message.id === id);
      if (own !== undefined) sayMessage(own.id, own.conversation, own.text);
    },
    stopAnswer() {
      const { conversation } = state.peek();
      if (conversation !== undefined) say({ type: "stop", conversation });
    },
    newConversation: () => choose(deps.createId()),
    openConversation(conversation) {
      if (conversation !== state.peek().conversation) choose(conversation);
    },
    loadEarlier() {
      const { conversation, messages } = state.peek();
      const first = messages[0]?.sequence ?? 1;
      if (conversation !== undefined && first > 1) say({ type: "history", conversation, beforeSequence: first });
    },
  };
}
