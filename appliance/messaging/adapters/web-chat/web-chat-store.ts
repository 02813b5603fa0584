// SPDX-License-Identifier: AGPL-3.0-only

import { z } from "zod";
import type { Clock } from "../../../../shared/clock/index.ts";
import type { PersonId } from "../../../../shared/ids/index.ts";
import { parseJson } from "../../../../shared/json/index.ts";
import type { MessageStorage, MessageVault } from "../../router/index.ts";
import type { WebChatConversation, WebChatStoredMessage } from "./web-chat-protocol.ts";
import { type MessageRow, webChatStatements } from "./web-chat-statements.ts";

/** A message to be stored. */
export interface WebChatDraft {
  readonly person: PersonId;
  readonly conversation: string;
  readonly direction: "in" | "out";
  readonly id: string;
  readonly text: string;
  readonly replyTo?: string;
}

/** A message of a person whose answer is not finished. */
export interface UnansweredMessage {
  readonly person: PersonId;
  readonly conversation: string;
  readonly clientId: string;
  readonly inboxId: string;
}

/** Messages and conversations of the web chat, sealed with the key of their person. */
export interface WebChatStore {
  /**
   * To be called in a transaction. A message whose id is known changes nothing and returns the sequence it has.
   * @throws HearthError `key-destroyed` when the person was removed, also for a message that is known.
   */
  insert(draft: WebChatDraft): { readonly sequence: number; readonly isDuplicate: boolean };
  /** Notes which inbox row a message became. */
  bind(draft: WebChatDraft, inboxId: string): void;
  after(person: PersonId, conversation: string, sequence: number, limit: number): WebChatStoredMessage[];
  /** The `limit` messages before `sequence`, oldest first. */
  before(person: PersonId, conversation: string, sequence: number, limit: number): WebChatStoredMessage[];
  lastSequence(person: PersonId, conversation: string): number;
  conversations(person: PersonId, limit: number): WebChatConversation[];
  unanswered(): UnansweredMessage[];
}

const titleLength = 80;
const bodySchema = z.object({ text: z.string(), replyTo: z.string().exactOptional() });

/** Makes the {@link WebChatStore} over tables of migration 0002. */
export function createWebChatStore(storage: MessageStorage, vault: MessageVault, clock: Clock): WebChatStore {
  const statements = webChatStatements(storage.database);
  const bodyPlace = (person: string, conversation: string, sequence: number) => ({
    table: "web_chat_messages",
    row: `${person}/${conversation}/${sequence}`,
    column: "body",
  });
  const titlePlace = (person: string, conversation: string) => ({
    table: "web_chat_conversations",
    row: `${person}/${conversation}`,
    column: "title",
  });

  const toMessage = (person: PersonId, conversation: string, row: MessageRow): WebChatStoredMessage => {
    const opened = vault.open(person, bodyPlace(person, conversation, row.sequence), row.body);
    const body = parseJson(opened, bodySchema, "a web chat message");
    const { sequence, direction } = row;
    return { conversation, sequence, direction, id: row.client_id, atMs: row.created_ms, ...body };
  };

  /** The number of the conversation's next message; makes the conversation with its first. */
  function nextSequence(draft: WebChatDraft, nowMs: number): number {
    const { person, conversation } = draft;
    const known = statements.advance.get(nowMs, person, conversation);
    if (known !== null) return known.last_sequence;
    const title = draft.text.replace(/\s+/g, " ").trim().slice(0, titleLength).toWellFormed();
    const sealed = vault.seal(person, titlePlace(person, conversation), title);
    statements.begin.run(person, conversation, sealed, nowMs);
    return 1;
  }

  return {
    insert(draft) {
      const { person, conversation, direction, id, text, replyTo } = draft;
      const known = statements.find.get(person, conversation, direction, id);
      if (known !== null) {
        // Only what can still be read is there: nobody is told that a message of a removed person was taken.
        for (const row of statements.after.all(person, conversation, known.sequence - 1, 1))
          toMessage(person, conversation, row);
        return { sequence: known.sequence, isDuplicate: true };
      }
      const nowMs = clock.now();
      const sequence = nextSequence(draft, nowMs);
      const body = JSON.stringify(replyTo === undefined ? { text } : { text, replyTo });
      const sealed = vault.seal(person, bodyPlace(person, conversation, sequence), body);
      statements.insert.run(person, conversation, sequence, direction, id, sealed, nowMs);
      return { sequence, isDuplicate: false };
    },
    bind: ({ person, conversation, direction, id }, inboxId) => {
      statements.bind.run(inboxId, person, conversation, direction, id);
    },
    after: (person, conversation, sequence, limit) =>
      statements.after.all(person, conversation, sequence, limit).map((row) => toMessage(person, conversation, row)),
    before: (person, conversation, sequence, limit) =>
      statements.before
        .all(person, conversation, sequence, limit)
        .reverse()
        .map((row) => toMessage(person, conversation, row)),
    lastSequence: (person, conversation) => statements.last.get(person, conversation)?.last_sequence ?? 0,
    conversations: (person, limit) =>
      statements.list.all(person, limit).map((row) => ({
        conversation: row.conversation,
        title: vault.open(person, titlePlace(person, row.conversation), row.title),
        lastSequence: row.last_sequence,
        updatedMs: row.updated_ms,
      })),
    unanswered: () =>
      statements.unanswered.all().map((row) => ({
        person: row.person as PersonId,
        conversation: row.conversation,
        clientId: row.client_id,
        inboxId: row.inbox_id,
      })),
  };
}
