// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import { assertNever } from "../../../../shared/errors/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import type { LiveEvent } from "../../router/index.ts";
import type { WebChatServerMessage } from "./web-chat-protocol.ts";
import type { WebChatStore } from "./web-chat-store.ts";

/** One WebSocket, as the server binds it. */
export interface WebChatTransport {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** What was sent and has not left yet; a slow tab is given less, then closed. */
  bufferedBytes(): number;
}

/** An answer that is being made. */
export interface LiveTurn {
  readonly conversation: string;
  /** The client's id of the message that is answered. */
  readonly clientId: string;
  readonly inboxId: string;
}

/** One tab of a person: what it shows and how far it is. */
export interface WebChatSocket {
  readonly person: PersonId;
  tell(message: WebChatServerMessage): void;
  /** From now on the tab gets what happens in the conversation, messages after `sequence` first. */
  follow(conversation: string, sequence: number): void;
  isFollowing(conversation: string): boolean;
  /** Sends the stored messages that the tab has not got. */
  catchUp(conversation: string): void;
  /** Shows an answer while it is made, if its conversation is followed; again is nothing. */
  show(turn: LiveTurn): void;
  close(code: number, reason: string): void;
  /** The transport has gone. */
  end(): void;
}

/** What a socket needs. */
export interface WebChatSocketDeps {
  readonly store: WebChatStore;
  readonly clock: Clock;
  readonly watch: (inboxId: string, signal: AbortSignal) => AsyncIterable<LiveEvent>;
}

const pageSize = 200;
/** Above this a tab is given no more deltas until it has read; what it missed comes as one. */
const slowBytes = 256 * 1024;
/** Above this it is cut off: it comes back and resumes. */
const stuckBytes = 8 * 1024 * 1024;
const drainPollMs = 50;

/** Makes a {@link WebChatSocket}. */
export function createWebChatSocket(
  deps: WebChatSocketDeps,
  person: PersonId,
  transport: WebChatTransport,
): WebChatSocket {
  const { store, clock } = deps;
  const sent = new Map<string, number>();
  const shown = new Set<string>();
  const ended = new AbortController();

  const tell = (message: WebChatServerMessage): void => {
    if (ended.signal.aborted) return;
    transport.send(JSON.stringify(message));
    if (transport.bufferedBytes() <= stuckBytes) return;
    ended.abort();
    transport.close(1013, "this tab reads too slowly; reconnect and resume");
  };

  function catchUp(conversation: string): void {
    for (let from = sent.get(conversation); from !== undefined && !ended.signal.aborted; ) {
      const messages = store.after(person, conversation, from, pageSize);
      for (const message of messages) {
        tell({ type: "message", message });
        from = message.sequence;
      }
      sent.set(conversation, from);
      if (messages.length < pageSize) return;
    }
  }

  async function drained(): Promise<void> {
    while (transport.bufferedBytes() > slowBytes && !ended.signal.aborted) await clock.sleep(drainPollMs, ended.signal);
  }

  async function relay(turn: LiveTurn): Promise<void> {
    const about = { conversation: turn.conversation, replyTo: turn.clientId };
    let offset = 0;
    for await (const event of deps.watch(turn.inboxId, ended.signal)) {
      if (event.type === "turn-started") offset = 0;
      const message = toServerMessage(event, about, offset);
      if (event.type === "turn-delta") offset += event.text.length;
      if (message !== undefined) tell(message);
      await drained();
    }
  }

  return {
    person,
    tell,
    follow(conversation, sequence) {
      sent.set(conversation, sequence);
      catchUp(conversation);
    },
    isFollowing: (conversation) => sent.has(conversation),
    catchUp,
    show(turn) {
      if (!sent.has(turn.conversation) || shown.has(turn.inboxId) || ended.signal.aborted) return;
      shown.add(turn.inboxId);
      void relay(turn).finally(() => shown.delete(turn.inboxId));
    },
    close(code, reason) {
      ended.abort();
      transport.close(code, reason);
    },
    end: () => ended.abort(),
  };
}

function toServerMessage(
  event: LiveEvent,
  about: { readonly conversation: string; readonly replyTo: string },
  offset: number,
): WebChatServerMessage | undefined {
  switch (event.type) {
    case "turn-started":
      return { type: "turn-started", ...about };
    case "turn-queued":
      return { ...about, ...event };
    case "turn-delta":
      return { type: "delta", ...about, offset, text: event.text };
    case "turn-resumed":
      // The answer goes on where it was; a tab has nothing to do.
      return undefined;
    case "turn-ended":
      return { type: "turn-ended", ...about, reason: event.reason, sources: [...event.sources] };
    case "turn-failed":
      return { type: "turn-ended", ...about, reason: "failed", sources: [] };
    case "refused": {
      const wait = event.retryAfterMs === undefined ? {} : { retryAfterMs: event.retryAfterMs };
      return { type: "refused", ...about, reason: event.reason, ...wait };
    }
    default:
      return assertNever(event);
  }
}
