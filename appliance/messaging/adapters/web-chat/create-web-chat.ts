// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import { assertNever, toHearthError } from "../../../../shared/errors/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { StepObserver } from "../../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../../shared/logging/index.ts";
import type { Adapter, Outbound, SendResult } from "../../protocol/index.ts";
import type { AdapterDoor, MessageRouter, MessageStorage, MessageVault } from "../../router/index.ts";
import { parseWebChatFrame, scopedConversation, toInboundEvent } from "./decode-web-chat-frame.ts";
import { createFrameLimit } from "./frame-limit.ts";
import { webChatManifest } from "./web-chat-manifest.ts";
import type { WebChatClientMessage, WebChatConversation } from "./web-chat-protocol.ts";
import { createWebChatSocket, type LiveTurn, type WebChatSocket, type WebChatTransport } from "./web-chat-socket.ts";
import { createWebChatStore } from "./web-chat-store.ts";

/** What the web chat needs. */
export interface WebChatDeps {
  readonly storage: MessageStorage;
  readonly vault: MessageVault;
  readonly router: Pick<AdapterDoor, "admitAll"> & Pick<MessageRouter, "watch" | "cancel">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reached: StepObserver;
}

/** Limits of the web chat. All have defaults. */
export interface WebChatOptions {
  /** Open tabs a person. Default: 8. */
  readonly maximumSockets?: number;
  /** Longest frame from a browser, in UTF-16 units. Default: 300,000. */
  readonly maximumFrameLength?: number;
  /** Frames a second that a tab may send for long. Default: 10, and 40 at once. */
  readonly framesPerSecond?: number;
}

/** What the server tells of a bound WebSocket. */
export interface WebChatConnection {
  /** A text frame came. Resolves when it has been dealt with; never rejects. */
  onMessage(frame: string): Promise<void>;
  /** The socket is closed. */
  onClose(): void;
}

/** The web chat: a channel whose other side is the console's page. */
export interface WebChat {
  readonly adapter: Adapter;
  /** Binds a WebSocket of a person who was authenticated by the caller. */
  connect(person: PersonId, transport: WebChatTransport): WebChatConnection;
  conversations(person: PersonId): WebChatConversation[];
  /** Ends every tab of a person, as when their session was revoked or they were removed. */
  disconnect(person: PersonId): void;
}

/** A message of a person that is durable. */
interface TakenMessage {
  readonly conversation: string;
  readonly clientId: string;
  /** Undefined when it had been taken before. */
  readonly inboxId: string | undefined;
  readonly sequence: number;
  /** The conversation's last number before it. */
  readonly before: number;
}

const channel = webChatManifest.id;
const listedConversations = 200;
const pageSize = 200;

/** Makes the {@link WebChat}. */
export function createWebChat(deps: WebChatDeps, options: WebChatOptions = {}): WebChat {
  const { storage, router, clock, logger } = deps;
  const { maximumSockets = 8, maximumFrameLength = 300_000, framesPerSecond = 10 } = options;
  const store = createWebChatStore(storage, deps.vault, clock);
  const sockets = new Map<PersonId, Set<WebChatSocket>>();
  // Answers under way, by inbox row; those that a crash interrupted come back with the first tab.
  const turns = new Map<string, LiveTurn & { readonly person: PersonId }>();
  let isRecovered = false;
  let lastReceivedMs: number | null = null;

  const socketsOf = (person: PersonId): readonly WebChatSocket[] => [...(sockets.get(person) ?? [])];

  function track(person: PersonId, turn: LiveTurn): void {
    if (turns.has(turn.inboxId)) return;
    turns.set(turn.inboxId, { ...turn, person });
    void (async () => {
      // Only the end is of interest here: from then on there is nothing to show to a tab that comes.
      for await (const event of router.watch(turn.inboxId, new AbortController().signal)) void event;
      turns.delete(turn.inboxId);
    })();
  }

  function recover(): void {
    if (isRecovered) return;
    isRecovered = true;
    for (const { person, ...turn } of store.unanswered()) track(person, turn);
  }

  function showTurns(socket: WebChatSocket, conversation: string): void {
    for (const turn of turns.values())
      if (turn.person === socket.person && turn.conversation === conversation) socket.show(turn);
  }

  function tellConversations(socket: WebChatSocket): void {
    socket.tell({ type: "conversations", conversations: store.conversations(socket.person, listedConversations) });
  }

  /** Tells the tabs of a message that was taken. Never throws: what fails here does not make it any less taken. */
  function showTaken(socket: WebChatSocket, taken: TakenMessage): void {
    const { conversation, clientId, inboxId, sequence, before } = taken;
    const { person } = socket;
    const turn = inboxId === undefined ? undefined : { conversation, clientId, inboxId };
    if (turn !== undefined) track(person, turn);
    try {
      if (!socket.isFollowing(conversation)) socket.follow(conversation, before);
      for (const other of socketsOf(person)) other.catchUp(conversation);
      if (sequence === 1) for (const other of socketsOf(person)) tellConversations(other);
      if (turn === undefined) showTurns(socket, conversation);
      else for (const other of socketsOf(person)) other.show(turn);
    } catch (thrown) {
      logger.error("web-chat-not-shown", { code: toHearthError(thrown).code });
      socket.close(1011, "reconnect and resume");
    }
  }

  async function onSend(
    socket: WebChatSocket,
    message: Extract<WebChatClientMessage, { type: "send" }>,
  ): Promise<void> {
    const { person } = socket;
    const { id, conversation, text } = message;
    const event = toInboundEvent(message, person, clock.now());
    const draft = { person, conversation, direction: "in", id, text } as const;
    deps.reached("01-event-decoded");
    const before = store.lastSequence(person, conversation);
    let sequence = 0;
    const [admitted] = await router.admitAll(channel, [event], (rows) => {
      sequence = store.insert(draft).sequence;
      if (rows[0] !== undefined) store.bind(draft, rows[0].inboxId);
    });
    lastReceivedMs = clock.now();
    socket.tell({ type: "accepted", conversation, id, sequence });
    deps.reached("04-upstream-acknowledged");
    const inboxId = admitted?.isDuplicate === false ? admitted.inboxId : undefined;
    showTaken(socket, { conversation, clientId: id, inboxId, sequence, before });
  }

  function onResume(socket: WebChatSocket, conversation: string, afterSequence: number): void {
    recover();
    const lastSequence = store.lastSequence(socket.person, conversation);
    const from = afterSequence === 0 ? Math.max(0, lastSequence - pageSize) : Math.min(afterSequence, lastSequence);
    socket.follow(conversation, from);
    socket.tell({ type: "resumed", conversation, firstSequence: from + 1, lastSequence });
    showTurns(socket, conversation);
  }

  function onHistory(socket: WebChatSocket, conversation: string, beforeSequence: number): void {
    const messages = store.before(socket.person, conversation, beforeSequence, pageSize);
    socket.tell({ type: "history", conversation, messages, hasEarlier: (messages[0]?.sequence ?? 1) > 1 });
  }

  async function onClientMessage(socket: WebChatSocket, message: WebChatClientMessage): Promise<void> {
    switch (message.type) {
      case "send":
        return onSend(socket, message);
      case "resume":
        return onResume(socket, message.conversation, message.afterSequence);
      case "history":
        return onHistory(socket, message.conversation, message.beforeSequence);
      case "stop":
        return router.cancel({ channel, conversation: scopedConversation(socket.person, message.conversation) });
      case "typing":
        for (const other of socketsOf(socket.person)) {
          if (other !== socket && other.isFollowing(message.conversation)) other.tell(message);
        }
        return;
      case "conversations":
        return tellConversations(socket);
      case "ping":
        return socket.tell({ type: "pong" });
      default:
        return assertNever(message);
    }
  }

  async function onFrame(socket: WebChatSocket, frame: string): Promise<void> {
    if (frame.length > maximumFrameLength)
      return socket.tell({
        type: "error",
        code: "too-large",
        message: `a frame may have ${maximumFrameLength} characters`,
      });
    const parsed = parseWebChatFrame(frame);
    if (parsed === undefined)
      return socket.tell({ type: "error", code: "invalid-message", message: "this is not a message of the web chat" });
    try {
      await onClientMessage(socket, parsed);
    } catch (thrown) {
      const error = toHearthError(thrown);
      logger.error("web-chat-frame-failed", { code: error.code, kind: parsed.type });
      const about = parsed.type === "send" ? { id: parsed.id } : {};
      socket.tell({ type: "error", code: "not-taken", message: "not taken in now; send it again", ...about });
    }
  }

  function connect(person: PersonId, transport: WebChatTransport): WebChatConnection {
    const socket = createWebChatSocket({ store, clock, watch: router.watch }, person, transport);
    const mine = sockets.get(person) ?? new Set();
    if (mine.size >= maximumSockets) {
      socket.tell({ type: "error", code: "too-many-tabs", message: `at most ${maximumSockets} tabs may be open` });
      socket.close(1008, "too many tabs");
      return { onMessage: async () => undefined, onClose: () => undefined };
    }
    sockets.set(person, mine.add(socket));
    const limit = createFrameLimit(clock, framesPerSecond, framesPerSecond * 4);
    return {
      async onMessage(frame) {
        const waitMs = limit.take();
        if (waitMs === 0) return onFrame(socket, frame);
        const id = parseWebChatFrame(frame.slice(0, maximumFrameLength));
        const about = id?.type === "send" ? { id: id.id } : {};
        socket.tell({ type: "error", code: "too-fast", message: "too many frames", retryAfterMs: waitMs, ...about });
      },
      onClose() {
        socket.end();
        mine.delete(socket);
        if (mine.size === 0 && sockets.get(person) === mine) sockets.delete(person);
      },
    };
  }

  async function send(outbound: Outbound): Promise<SendResult> {
    const person = outbound.to as PersonId;
    const conversation = outbound.conversation.slice(person.length + 1);
    const reply = outbound.inReplyTo === undefined ? {} : { replyTo: outbound.inReplyTo };
    const draft = {
      person,
      conversation,
      direction: "out",
      id: outbound.clientId,
      text: outbound.text,
      ...reply,
    } as const;
    const { isDuplicate } = await storage.groupCommit(() => store.insert(draft));
    for (const socket of socketsOf(person)) socket.catchUp(conversation);
    return isDuplicate ? { status: "duplicate" } : { status: "accepted" };
  }

  function closeAll(person: PersonId, code: number, reason: string): void {
    for (const socket of socketsOf(person)) socket.close(code, reason);
    sockets.delete(person);
  }

  return {
    adapter: {
      connect: async () => undefined,
      disconnect: async () => {
        for (const person of [...sockets.keys()]) closeAll(person, 1001, "the box is stopping");
      },
      send,
      capabilities: () => webChatManifest.capabilities,
      health: () => ({ lastReceivedMs, pending: turns.size }),
    },
    connect,
    conversations: (person) => store.conversations(person, listedConversations),
    disconnect: (person) => closeAll(person, 4401, "signed out"),
  };
}
