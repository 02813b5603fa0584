// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { manualClock } from "../../../../../shared/testing/index.ts";
import type {
  WebChatClientMessage,
  WebChatServerMessage,
  WebChatStoredMessage,
} from "../../../../messaging/adapters/web-chat/index.ts";
import { type ChatConnection, type ChatSocket, createChatConnection } from "./chat-connection.ts";
import { listChatItems } from "./list-chat-items.ts";

/** A box on the other side of a line that can be cut at any frame, in either direction. */
function createLine() {
  const clock = manualClock();
  const stored: WebChatStoredMessage[] = [];
  const frames: WebChatClientMessage[] = [];
  let live: ChatSocket | undefined;
  let isReachable = true;
  let connectFailures = 0;
  let nextId = 1;
  const of = (conversation: string) => stored.filter((message) => message.conversation === conversation);

  function tell(said: WebChatServerMessage): void {
    live?.onmessage?.call(live as WebSocket, { data: JSON.stringify(said) } as MessageEvent);
  }
  function take(frame: WebChatClientMessage): void {
    frames.push(frame);
    if (frame.type === "conversations") {
      const names = [...new Set(stored.map((message) => message.conversation))];
      tell({
        type: "conversations",
        conversations: names.map((name) => ({
          conversation: name,
          title: name,
          lastSequence: of(name).length,
          updatedMs: 0,
        })),
      });
    }
    if (frame.type === "resume") {
      for (const message of of(frame.conversation).slice(frame.afterSequence)) tell({ type: "message", message });
      const lastSequence = of(frame.conversation).length;
      tell({ type: "resumed", conversation: frame.conversation, firstSequence: frame.afterSequence + 1, lastSequence });
    }
    if (frame.type === "ping") tell({ type: "pong" });
    if (frame.type !== "send") return;
    const { conversation, id, text } = frame;
    let message = of(conversation).find((known) => known.id === id);
    if (message === undefined) {
      message = { conversation, sequence: of(conversation).length + 1, direction: "in", id, text, atMs: 0 };
      stored.push(message);
    }
    if (line.dropsNextConfirmation) {
      line.dropsNextConfirmation = false;
      line.cut();
      return;
    }
    tell({ type: "accepted", conversation, id, sequence: message.sequence });
    tell({ type: "message", message });
  }
  function openSocket(): ChatSocket {
    const socket: ChatSocket = {
      onopen: null,
      onclose: null,
      onmessage: null,
      send: (data) => {
        if (live === socket) take(JSON.parse(String(data)) as WebChatClientMessage);
      },
      close: () => {
        if (live === socket) live = undefined;
      },
    };
    clock.after(1, () => {
      if (!isReachable) return socket.onclose?.call(socket as WebSocket, { code: 1006 } as CloseEvent);
      live = socket;
      socket.onopen?.call(socket as WebSocket, {} as Event);
    });
    return socket;
  }
  const line = {
    clock,
    stored,
    frames,
    tell,
    dropsNextConfirmation: false,
    setReachable: (value: boolean) => {
      isReachable = value;
    },
    connectFailures: () => connectFailures,
    cut(code = 1006) {
      const socket = live;
      live = undefined;
      socket?.onclose?.call(socket as WebSocket, { code } as CloseEvent);
    },
    /** The line is dead and nobody says so. */
    freeze: () => {
      live = undefined;
    },
    connection: undefined as unknown as ChatConnection,
  };
  line.connection = createChatConnection({
    openSocket,
    createId: () => `id${nextId++}`,
    setTimer: (delayMs, callback) => clock.after(delayMs, callback).cancel,
    random: () => 0.5,
    now: clock.now,
    language: () => "en",
    onConnectFailed: () => {
      connectFailures++;
    },
  });
  return line;
}

function texts(connection: ChatConnection): readonly string[] {
  return listChatItems(connection.state.value).flatMap((item) => (item.kind === "own" ? [item.text] : []));
}

describe("the chat's connection", () => {
  test("opens the latest conversation of the box, or a new one", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    expect(line.connection.state.value).toMatchObject({ link: "online", isCaughtUp: true, conversation: "id1" });
  });

  test("keeps a message that was written without a line and sends it when the line is back", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    line.setReachable(false);
    line.cut();
    line.connection.send("are you there?");
    expect(listChatItems(line.connection.state.value)).toMatchObject([{ status: "unsent" }]);
    line.setReachable(true);
    line.clock.advance(60_000);
    expect(line.stored.map((message) => message.text)).toEqual(["are you there?"]);
    expect(listChatItems(line.connection.state.value)).toMatchObject([{ status: "stored" }]);
  });

  test("sends a message whose confirmation was lost again under the same id, so that it counts once", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    line.dropsNextConfirmation = true;
    line.connection.send("once");
    line.clock.advance(60_000);
    const sent = line.frames.flatMap((frame) => (frame.type === "send" ? [frame.id] : []));
    expect(new Set(sent).size).toBe(1);
    expect(line.stored).toHaveLength(1);
    expect(texts(line.connection)).toEqual(["once"]);
  });

  test("finds a dead line by its silence and opens another", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    line.freeze();
    line.clock.advance(29_000);
    expect(line.connection.state.value.link).toBe("online");
    line.clock.advance(2_000);
    expect(line.connection.state.value.link).toBe("online");
    expect(line.frames.filter((frame) => frame.type === "conversations")).toHaveLength(2);
  });

  test("waits longer after each failure, at most some 19 seconds, and asks whether the session still holds", () => {
    const line = createLine();
    line.setReachable(false);
    line.connection.start();
    line.clock.advance(120_000);
    const { link, retryAtMs } = line.connection.state.value;
    expect(link).toBe("waiting");
    expect((retryAtMs ?? 0) - line.clock.now()).toBeLessThanOrEqual(15_000);
    expect(line.connectFailures()).toBeGreaterThan(2);
  });

  test("asks at once whether the session holds when the box says that it was ended", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    line.cut(4401);
    expect(line.connectFailures()).toBe(1);
  });

  test("forgets everything when somebody signs out", () => {
    const line = createLine();
    line.connection.start();
    line.clock.advance(10);
    line.connection.send("mine");
    line.connection.stop();
    line.clock.advance(60_000);
    expect(line.connection.state.value).toMatchObject({
      link: "closed",
      messages: [],
      unsent: [],
      conversation: undefined,
    });
  });

  test("loses and doubles nothing over any series of cuts, lost confirmations and silences", () => {
    const step = fc.constantFrom("send", "cut", "lose-confirmation", "freeze", "away", "back", "wait");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const line = createLine();
        line.connection.start();
        line.clock.advance(10);
        const written: string[] = [];
        for (const action of steps) {
          if (action === "send") {
            written.push(`text ${written.length}`);
            line.connection.send(`text ${written.length - 1}`);
          } else if (action === "cut") line.cut();
          else if (action === "lose-confirmation") line.dropsNextConfirmation = true;
          else if (action === "freeze") line.freeze();
          else if (action === "away") line.setReachable(false);
          else if (action === "back") line.setReachable(true);
          else line.clock.advance(700);
        }
        line.setReachable(true);
        line.clock.advance(120_000);
        expect(line.stored.map((message) => message.text)).toEqual(written);
        expect(texts(line.connection)).toEqual(written);
      }),
      { numRuns: 80 },
    );
  });
});
