// SPDX-License-Identifier: AGPL-3.0-only
import type { ServerWebSocket } from "bun";
import {
  type WebChatServerMessage,
  type WebChatStoredMessage,
  webChatClientMessageSchema,
} from "../../../appliance/messaging/adapters/web-chat/index.ts";

/** The web chat's other side, in memory: it answers each message word by word. */
export interface BoxChat {
  open(socket: ServerWebSocket<unknown>): void;
  message(socket: ServerWebSocket<unknown>, frame: string): void;
  close(socket: ServerWebSocket<unknown>): void;
  /** Cuts all lines without a closing handshake, as a box that loses its power does. */
  cut(): void;
  /** While true, a message is stored and its confirmation is lost with the line. */
  losesConfirmations: boolean;
  /** Words of an answer wait for `speak`, instead of coming by themselves. */
  isHeld: boolean;
  speak(words: number): void;
  /** Drops the answers under way, and with them their timers. */
  end(): void;
  readonly stored: readonly WebChatStoredMessage[];
  reply: (text: string) => { readonly text: string; readonly sources: readonly string[] };
}

interface Answer {
  readonly conversation: string;
  readonly replyTo: string;
  readonly words: readonly string[];
  readonly sources: readonly string[];
  said: number;
  isStopped: boolean;
}

/** A {@link BoxChat} without messages. */
export function createBoxChat(now: () => number): BoxChat {
  const sockets = new Set<ServerWebSocket<unknown>>();
  const stored: WebChatStoredMessage[] = [];
  const answers: Answer[] = [];
  const tellOne = (socket: ServerWebSocket<unknown>, said: WebChatServerMessage): void => {
    socket.send(JSON.stringify(said));
  };
  const tell = (said: WebChatServerMessage): void => {
    for (const socket of sockets) tellOne(socket, said);
  };
  const of = (conversation: string) => stored.filter((message) => message.conversation === conversation);
  const titles = () => {
    const names = [...new Set(stored.map((message) => message.conversation))];
    return names.reverse().map((conversation) => ({
      conversation,
      title: of(conversation)[0]?.text.slice(0, 60) ?? "",
      lastSequence: of(conversation).length,
      updatedMs: now(),
    }));
  };
  const store = (message: Omit<WebChatStoredMessage, "sequence" | "atMs">): WebChatStoredMessage => {
    const complete = { ...message, sequence: of(message.conversation).length + 1, atMs: now() };
    stored.push(complete);
    return complete;
  };

  function end(answer: Answer): void {
    answers.splice(answers.indexOf(answer), 1);
    const { conversation, replyTo, sources } = answer;
    const text = answer.words.slice(0, answer.said).join("");
    const message = store({ conversation, direction: "out", id: `out-${replyTo}`, text, replyTo });
    tell({ type: "message", message });
    tell({
      type: "turn-ended",
      conversation,
      replyTo,
      reason: answer.isStopped ? "cancelled" : "stop",
      sources: [...sources],
    });
  }

  function sayWord(answer: Answer): void {
    const offset = answer.words.slice(0, answer.said).join("").length;
    const text = answer.words[answer.said] ?? "";
    answer.said++;
    tell({ type: "delta", conversation: answer.conversation, replyTo: answer.replyTo, offset, text });
    if (answer.said >= answer.words.length) end(answer);
  }

  function begin(answer: Answer): void {
    answers.push(answer);
    const { conversation, replyTo } = answer;
    tell({ type: "turn-queued", conversation, replyTo, position: 1, predictedWaitMs: 400 });
    tell({ type: "turn-started", conversation, replyTo });
    const step = (): void => {
      if (!answers.includes(answer)) return;
      if (!chat.isHeld) sayWord(answer);
      setTimeout(step, 15);
    };
    setTimeout(step, 15);
  }

  function resume(socket: ServerWebSocket<unknown>, conversation: string, afterSequence: number): void {
    const messages = of(conversation);
    for (const message of messages.slice(afterSequence)) tellOne(socket, { type: "message", message });
    tellOne(socket, { type: "resumed", conversation, firstSequence: afterSequence + 1, lastSequence: messages.length });
    for (const answer of answers) {
      if (answer.conversation !== conversation) continue;
      const { replyTo } = answer;
      tellOne(socket, { type: "turn-started", conversation, replyTo });
      const text = answer.words.slice(0, answer.said).join("");
      tellOne(socket, { type: "delta", conversation, replyTo, offset: 0, text });
    }
  }

  const chat: BoxChat = {
    losesConfirmations: false,
    isHeld: false,
    stored,
    reply: (text) => ({ text: `You said: ${text}`, sources: [] }),
    open: (socket) => void sockets.add(socket),
    close: (socket) => void sockets.delete(socket),
    cut() {
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
    end: () => void answers.splice(0),
    speak(words) {
      for (let count = 0; count < words; count++) {
        const [answer] = answers;
        if (answer !== undefined) sayWord(answer);
      }
    },
    message(socket, frame) {
      // A frame outside of the protocol is a defect of the console: it throws, and the test fails.
      const said = webChatClientMessageSchema.parse(JSON.parse(frame));
      if (said.type === "ping") tellOne(socket, { type: "pong" });
      if (said.type === "conversations") tellOne(socket, { type: "conversations", conversations: titles() });
      if (said.type === "resume") resume(socket, said.conversation, said.afterSequence);
      if (said.type === "stop") {
        for (const answer of [...answers]) {
          answer.isStopped = true;
          end(answer);
        }
      }
      if (said.type !== "send") return;
      const { conversation, id, text } = said;
      const known = of(conversation).find((message) => message.id === id);
      if (known !== undefined) {
        tellOne(socket, { type: "accepted", conversation, id, sequence: known.sequence });
        return;
      }
      const message = store({ conversation, direction: "in", id, text });
      const { text: answer, sources } = chat.reply(text);
      const words = answer.split(/(?<=\s)|(?<=[，。；])/);
      if (chat.losesConfirmations) chat.cut();
      tell({ type: "accepted", conversation, id, sequence: message.sequence });
      tell({ type: "message", message });
      tell({ type: "conversations", conversations: titles() });
      begin({ conversation, replyTo: id, words, sources, said: 0, isStopped: false });
    },
  };
  return chat;
}
