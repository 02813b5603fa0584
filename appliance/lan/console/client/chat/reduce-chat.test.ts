// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { WebChatServerMessage, WebChatStoredMessage } from "../../../../messaging/adapters/web-chat/index.ts";
import { type ChatEvent, type ChatState, emptyChatState } from "./chat-state.ts";
import { listChatItems } from "./list-chat-items.ts";
import { highestUnbroken, reduceChat } from "./reduce-chat.ts";

const conversation = "c1";
const turnOf = { conversation, replyTo: "q1" };

function after(...events: readonly (ChatEvent | WebChatServerMessage)[]): ChatState {
  const start = reduceChat(emptyChatState, { type: "conversation-chosen", conversation });
  return events.reduce<ChatState>((state, event) => {
    const isOwn = ["box-said", "connecting", "opened", "stopped", "lost", "written", "written-again"].includes(
      event.type,
    );
    const isChoice = event.type === "conversation-chosen";
    return reduceChat(
      state,
      isOwn || isChoice ? (event as ChatEvent) : { type: "box-said", said: event as WebChatServerMessage },
    );
  }, start);
}

function stored(sequence: number, changes: Partial<WebChatStoredMessage> = {}): WebChatStoredMessage {
  return {
    conversation,
    sequence,
    direction: "in",
    id: `m${sequence}`,
    text: `text ${sequence}`,
    atMs: sequence,
    ...changes,
  };
}

function written(id: string): ChatEvent {
  return { type: "written", message: { id, conversation, text: `question ${id}`, atMs: 5 } };
}

describe("the chat's state", () => {
  test("shows an own message at once and keeps one of it when the box confirms and repeats it", () => {
    const accepted = { type: "accepted", conversation, id: "q1", sequence: 1 } as const;
    const repeated = { type: "message", message: stored(1, { id: "q1", text: "question q1" }) } as const;
    const state = after(written("q1"), accepted, repeated, accepted);
    expect(state.unsent).toEqual([]);
    expect(listChatItems(state).map((item) => item.key)).toEqual(["in-q1"]);
  });

  test("holds what is not confirmed after the stored messages, whatever arrives meanwhile", () => {
    const state = after(written("q2"), { type: "message", message: stored(1) });
    expect(listChatItems(state).map((item) => item.key)).toEqual(["in-m1", "in-q2"]);
  });

  test("grows an answer by deltas, also when a piece comes twice", () => {
    const piece = { type: "delta", ...turnOf, offset: 3, text: "def" } as const;
    const state = after(
      { type: "turn-started", ...turnOf },
      { type: "delta", ...turnOf, offset: 0, text: "abc" },
      piece,
      piece,
    );
    expect(state.turns.q1).toEqual({ conversation, state: "answering", text: "abcdef" });
  });

  test("leaves out a piece whose beginning did not come", () => {
    const state = after({ type: "delta", ...turnOf, offset: 10, text: "tail" });
    expect(state.turns).toEqual({});
  });

  test("begins an answer anew when the box does", () => {
    const begun = { type: "turn-started", ...turnOf } as const;
    const state = after(begun, { type: "delta", ...turnOf, offset: 0, text: "half" }, begun);
    expect(state.turns.q1).toEqual({ conversation, state: "answering", text: "" });
  });

  test("puts the stored answer in the place of the live one, with its sources", () => {
    const answer = stored(2, { direction: "out", id: "a1", replyTo: "q1", text: "abc" });
    const state = after(
      { type: "turn-started", ...turnOf },
      { type: "delta", ...turnOf, offset: 0, text: "abc" },
      { type: "turn-ended", ...turnOf, reason: "stop", sources: ["Opening hours"] },
      { type: "message", message: answer },
    );
    expect(listChatItems(state)).toMatchObject([{ kind: "answer", text: "abc", sources: ["Opening hours"] }]);
  });

  test("keeps what was said on screen between the end of a turn and its stored answer", () => {
    const state = after(
      { type: "turn-started", ...turnOf },
      { type: "delta", ...turnOf, offset: 0, text: "abc" },
      { type: "turn-ended", ...turnOf, reason: "stop", sources: [] },
    );
    expect(listChatItems(state)).toMatchObject([{ kind: "live", turn: { text: "abc" } }]);
  });

  test("shows nothing of a turn that was stopped before its first word", () => {
    const state = after(
      { type: "turn-queued", ...turnOf, position: 3, predictedWaitMs: 900 },
      { type: "turn-ended", ...turnOf, reason: "cancelled", sources: [] },
    );
    expect(listChatItems(state)).toEqual([]);
  });

  test("tells a refused message apart from one that failed", () => {
    const state = after(
      { type: "message", message: stored(1) },
      { type: "message", message: stored(2) },
      { type: "refused", conversation, replyTo: "m1", reason: "rate-limited" },
      { type: "turn-ended", conversation, replyTo: "m2", reason: "failed", sources: [] },
    );
    expect(listChatItems(state)).toMatchObject([{ status: "refused", problem: "rate-limited" }, { status: "failed" }]);
  });

  test("marks the message that an error names, and takes the mark away when it is sent again", () => {
    const error = { type: "error", code: "too-fast", message: "too many frames", id: "q1" } as const;
    expect(after(written("q1"), error).unsent[0]?.problem).toBe("too many frames");
    expect(after(written("q1"), error, { type: "written-again", id: "q1" }).unsent[0]?.problem).toBeUndefined();
  });

  test("forgets half-heard answers when the line comes back, but nothing that was written", () => {
    const state = after(
      { type: "turn-started", ...turnOf },
      written("q2"),
      { type: "lost", retryAtMs: 9 },
      { type: "opened" },
    );
    expect(state.turns).toEqual({});
    expect(state.unsent.map((own) => own.id)).toEqual(["q2"]);
    expect(state.isCaughtUp).toBe(false);
  });

  test("keeps messages of another conversation out, but not its answer under way", () => {
    const other = { conversation: "c2", replyTo: "z" };
    const state = after(
      { type: "turn-started", ...other },
      { type: "message", message: stored(1, { conversation: "c2" }) },
    );
    expect(listChatItems(state)).toEqual([]);
    const there = reduceChat(state, { type: "conversation-chosen", conversation: "c2" });
    expect(listChatItems(there)).toMatchObject([{ kind: "live" }]);
  });

  test("says that there are earlier messages, until they were loaded", () => {
    const opened = after(
      { type: "message", message: stored(201) },
      { type: "resumed", conversation, firstSequence: 201, lastSequence: 201 },
    );
    expect(opened.hasEarlier).toBe(true);
    const loaded = reduceChat(opened, {
      type: "box-said",
      said: { type: "history", conversation, messages: [stored(199), stored(200)], hasEarlier: false },
    });
    expect(loaded.hasEarlier).toBe(false);
    expect(loaded.messages.map((message) => message.sequence)).toEqual([199, 200, 201]);
  });

  test("shows each stored message once and in order, however often and in whatever order it comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 }), (sequences) => {
        const state = after(...sequences.map((sequence) => ({ type: "message", message: stored(sequence) }) as const));
        const expected = [...new Set(sequences)].sort((one, other) => one - other);
        expect(state.messages.map((message) => message.sequence)).toEqual(expected);
      }),
    );
  });

  test("asks after a gap for what is missing, not for what is behind it", () => {
    expect(highestUnbroken([])).toBe(0);
    expect(highestUnbroken([stored(4), stored(5), stored(8)])).toBe(5);
  });
});
