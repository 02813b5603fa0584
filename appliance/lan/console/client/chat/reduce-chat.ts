// SPDX-License-Identifier: AGPL-3.0-only
import type { WebChatServerMessage, WebChatStoredMessage } from "../../../../messaging/adapters/web-chat/index.ts";
import type { ChatEvent, ChatState, LiveTurn } from "./chat-state.ts";

type BoxSaid<Type extends WebChatServerMessage["type"]> = Extract<WebChatServerMessage, { type: Type }>;

/** Puts messages in their place; one whose sequence is known already changes nothing. */
function withMessages(state: ChatState, added: readonly WebChatStoredMessage[]): ChatState {
  const known = new Set(state.messages.map((message) => message.sequence));
  const fresh = added.filter((message) => message.conversation === state.conversation && !known.has(message.sequence));
  if (fresh.length === 0) return state;
  return { ...state, messages: [...state.messages, ...fresh].sort((one, other) => one.sequence - other.sequence) };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  if (!(key in record)) return record;
  const { [key]: _removed, ...rest } = record;
  return rest;
}

function withTurn(
  state: ChatState,
  said: BoxSaid<"turn-queued" | "turn-started" | "delta">,
  turn: LiveTurn,
): ChatState {
  return { ...state, turns: { ...state.turns, [said.replyTo]: turn } };
}

function takeMessage(state: ChatState, message: WebChatStoredMessage): ChatState {
  const next = withMessages(state, [message]);
  if (message.direction === "in") return { ...next, unsent: next.unsent.filter((own) => own.id !== message.id) };
  // The stored answer takes the place of the live one.
  return message.replyTo === undefined ? next : { ...next, turns: without(next.turns, message.replyTo) };
}

function takeAccepted(state: ChatState, said: BoxSaid<"accepted">): ChatState {
  const own = state.unsent.find((message) => message.id === said.id && message.conversation === said.conversation);
  if (own === undefined) return state;
  const { conversation, id, text, atMs } = own;
  return takeMessage(
    { ...state, unsent: state.unsent.filter((message) => message !== own) },
    { conversation, sequence: said.sequence, direction: "in", id, text, atMs },
  );
}

function takeDelta(state: ChatState, said: BoxSaid<"delta">): ChatState {
  const turn = state.turns[said.replyTo];
  const before = turn?.state === "answering" ? turn.text : "";
  // A piece that begins behind the text so far belongs to a stream whose beginning did not come: left out, because the
  // whole answer follows as a stored message.
  if (said.offset > before.length) return state;
  const text = before.slice(0, said.offset) + said.text;
  return withTurn(state, said, { conversation: said.conversation, state: "answering", text });
}

function takeEnded(state: ChatState, said: BoxSaid<"turn-ended">): ChatState {
  const turn = state.turns[said.replyTo];
  const isStored = state.messages.some((message) => message.replyTo === said.replyTo);
  // What was said stays on screen until the stored answer takes its place, unless there is nothing to stay.
  const isNothing = turn?.state !== "answering" || turn.text === "";
  const turns = isStored || isNothing ? without(state.turns, said.replyTo) : state.turns;
  return { ...state, turns, endings: { ...state.endings, [said.replyTo]: said } };
}

function takeError(state: ChatState, said: BoxSaid<"error">): ChatState {
  if (said.id === undefined) return { ...state, problem: said.message };
  return {
    ...state,
    unsent: state.unsent.map((own) => (own.id === said.id ? { ...own, problem: said.message } : own)),
  };
}

function takeFrame(state: ChatState, said: WebChatServerMessage): ChatState {
  const isOfShown = !("conversation" in said) || said.conversation === state.conversation;
  switch (said.type) {
    case "accepted":
      return takeAccepted(state, said);
    case "message":
      return takeMessage(state, said.message);
    case "resumed": {
      if (!isOfShown) return state;
      const hasEarlier = state.messages.length === 0 ? said.firstSequence > 1 : (state.messages[0]?.sequence ?? 1) > 1;
      return { ...state, isCaughtUp: true, hasEarlier };
    }
    case "history":
      return isOfShown ? { ...withMessages(state, said.messages), hasEarlier: said.hasEarlier } : state;
    case "turn-queued":
      return withTurn(state, said, {
        conversation: said.conversation,
        state: "queued",
        position: said.position,
        predictedWaitMs: said.predictedWaitMs,
      });
    case "turn-started":
      return withTurn(state, said, { conversation: said.conversation, state: "answering", text: "" });
    case "delta":
      return takeDelta(state, said);
    case "turn-ended":
      return takeEnded(state, said);
    case "refused":
      return {
        ...state,
        turns: without(state.turns, said.replyTo),
        refusals: { ...state.refusals, [said.replyTo]: said.reason },
      };
    case "conversations":
      return { ...state, conversations: said.conversations };
    case "error":
      return takeError(state, said);
    case "typing":
    case "pong":
      return state;
  }
}

/** The next state of the chat. Pure: what was sent twice, or comes late, changes nothing. */
export function reduceChat(state: ChatState, event: ChatEvent): ChatState {
  switch (event.type) {
    case "box-said":
      return takeFrame(state, event.said);
    case "connecting":
      return { ...state, link: "connecting", retryAtMs: undefined };
    case "opened":
      // What runs is told anew after `resume`; what was half heard before the line broke is not to be added to.
      return { ...state, link: "online", retryAtMs: undefined, problem: undefined, isCaughtUp: false, turns: {} };
    case "lost":
      return { ...state, link: "waiting", retryAtMs: event.retryAtMs, isCaughtUp: false };
    case "stopped":
      return { ...state, link: "closed", retryAtMs: undefined };
    case "written":
      return { ...state, unsent: [...state.unsent, event.message] };
    case "written-again":
      return {
        ...state,
        unsent: state.unsent.map(({ problem, ...own }) =>
          own.id === event.id || problem === undefined ? own : { ...own, problem },
        ),
      };
    case "conversation-chosen":
      return {
        ...state,
        conversation: event.conversation,
        messages: [],
        isCaughtUp: false,
        hasEarlier: false,
      };
  }
}

/** The highest sequence up to which nothing is missing; 0 when there is nothing. What is asked for after a reconnect. */
export function highestUnbroken(messages: readonly WebChatStoredMessage[]): number {
  let highest = messages[0]?.sequence ?? 0;
  for (const message of messages) {
    if (message.sequence > highest + 1) break;
    highest = message.sequence;
  }
  return highest;
}
