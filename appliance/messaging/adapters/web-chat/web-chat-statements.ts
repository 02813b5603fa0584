// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";

/** What the database holds of a message. */
export interface MessageRow {
  readonly sequence: number;
  readonly direction: "in" | "out";
  readonly client_id: string;
  readonly body: Uint8Array;
  readonly created_ms: number;
}

interface ConversationRow {
  readonly conversation: string;
  readonly title: Uint8Array;
  readonly last_sequence: number;
  readonly updated_ms: number;
}

interface UnansweredRow {
  readonly person: string;
  readonly conversation: string;
  readonly client_id: string;
  readonly inbox_id: string;
}

const messageColumns = "sequence, direction, client_id, body, created_ms";

/** The statements of the web chat, prepared once. */
export function webChatStatements(database: Database) {
  return {
    find: database.query<{ sequence: number }, [string, string, string, string]>(
      "SELECT sequence FROM web_chat_messages WHERE person = ?1 AND conversation = ?2 AND direction = ?3 AND client_id = ?4",
    ),
    advance: database.query<{ last_sequence: number }, [number, string, string]>(
      `UPDATE web_chat_conversations SET last_sequence = last_sequence + 1, updated_ms = ?1
       WHERE person = ?2 AND conversation = ?3 RETURNING last_sequence`,
    ),
    begin: database.query<unknown, [string, string, Uint8Array, number]>(
      `INSERT INTO web_chat_conversations (person, conversation, title, last_sequence, created_ms, updated_ms)
       VALUES (?1, ?2, ?3, 1, ?4, ?4)`,
    ),
    insert: database.query<unknown, [string, string, number, string, string, Uint8Array, number]>(
      `INSERT INTO web_chat_messages (person, conversation, sequence, direction, client_id, body, created_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    ),
    bind: database.query<unknown, [string, string, string, string, string]>(
      `UPDATE web_chat_messages SET inbox_id = ?1
       WHERE person = ?2 AND conversation = ?3 AND direction = ?4 AND client_id = ?5 AND inbox_id IS NULL`,
    ),
    after: database.query<MessageRow, [string, string, number, number]>(
      `SELECT ${messageColumns} FROM web_chat_messages
       WHERE person = ?1 AND conversation = ?2 AND sequence > ?3 ORDER BY sequence LIMIT ?4`,
    ),
    before: database.query<MessageRow, [string, string, number, number]>(
      `SELECT ${messageColumns} FROM web_chat_messages
       WHERE person = ?1 AND conversation = ?2 AND sequence < ?3 ORDER BY sequence DESC LIMIT ?4`,
    ),
    last: database.query<{ last_sequence: number }, [string, string]>(
      "SELECT last_sequence FROM web_chat_conversations WHERE person = ?1 AND conversation = ?2",
    ),
    list: database.query<ConversationRow, [string, number]>(
      `SELECT conversation, title, last_sequence, updated_ms FROM web_chat_conversations
       WHERE person = ?1 ORDER BY updated_ms DESC LIMIT ?2`,
    ),
    unanswered: database.query<UnansweredRow, []>(
      `SELECT message.person, message.conversation, message.client_id, message.inbox_id
       FROM inbox JOIN web_chat_messages AS message ON message.inbox_id = inbox.id
       WHERE inbox.state IN ('new', 'leased') AND inbox.channel = 'web-chat'`,
    ),
  };
}
