// SPDX-License-Identifier: AGPL-3.0-only
import { isHearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { SessionDeps } from "./ports.ts";
import { openText, parseSources } from "./session-store.ts";
import type { TurnRow, TurnTextColumn } from "./turn-row.ts";

/** One person in one conversation of one channel, over all its sessions. */
export interface ConversationSummary {
  readonly id: string;
  readonly person: PersonId;
  readonly channel: string;
  readonly lastMessageMs: number;
  /** What the person said and what was replied. */
  readonly messageCount: number;
  readonly isAnswering: boolean;
}

/** One message of a conversation. */
export interface ConversationEntry {
  readonly id: string;
  readonly direction: "in" | "out";
  /** Null once the person's key was destroyed. */
  readonly text: string | null;
  readonly atMs: number;
  readonly state: "answering" | "answered" | "failed";
  /** The inbox row, to look up how the reply fared on its channel. */
  readonly inboxId: string;
  readonly sources: readonly string[];
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
}

/** A page; `next` is the cursor of the page after it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * The read model of the console. It opens what people wrote: whoever calls it must have decided that the asker may
 * read it.
 */
export interface Conversations {
  /** Newest first. A cursor that is not one of ours begins at the newest. */
  list(limit: number, cursor?: string): Page<ConversationSummary>;
  find(id: string): ConversationSummary | undefined;
  /** The messages before the cursor, in the order they were said; the first page is the newest. */
  messages(id: string, limit: number, cursor?: string): Page<ConversationEntry>;
  /** Deletes every session, turn and setting of a person. Call it in the transaction that destroys the key. */
  erase(person: PersonId): void;
}

interface SummaryRow {
  lookup: string;
  person: PersonId;
  channel: string;
  last_ms: number;
  turns: number;
  running: number;
}

const summaryColumns = `s.lookup, s.person, s.channel, max(s.last_ms) AS last_ms,
  (SELECT count(*) FROM agent_turn t JOIN agent_session o ON t.session = o.id WHERE o.lookup = s.lookup) AS turns,
  (SELECT count(*) FROM agent_turn t JOIN agent_session o ON t.session = o.id
    WHERE o.lookup = s.lookup AND t.state = 'running') AS running`;

/** Makes the read model over the tables of `0003-agent.sql`. */
export function createConversations(deps: SessionDeps): Conversations {
  const { database } = deps.storage;
  const listed = database.query<SummaryRow, [number, number, string, number]>(
    `SELECT ${summaryColumns} FROM agent_session s GROUP BY s.lookup
     HAVING max(s.last_ms) < ? OR (max(s.last_ms) = ? AND s.lookup < ?)
     ORDER BY max(s.last_ms) DESC, s.lookup DESC LIMIT ?`,
  );
  const one = database.query<SummaryRow, [string]>(
    `SELECT ${summaryColumns} FROM agent_session s WHERE s.lookup = ? GROUP BY s.lookup`,
  );
  const turns = database.query<TurnRow & { turn_row: number }, [string, number, number]>(
    `SELECT t.*, t.rowid AS turn_row FROM agent_turn t JOIN agent_session s ON t.session = s.id
     WHERE s.lookup = ? AND t.rowid < ? ORDER BY t.rowid DESC LIMIT ?`,
  );
  return {
    list(limit, cursor) {
      const [, time, lookup] = /^(\d{1,15})\.([0-9a-f]{1,64})$/u.exec(cursor ?? "") ?? [];
      const beforeMs = time === undefined ? Number.MAX_SAFE_INTEGER : Number(time);
      const rows = listed.all(beforeMs, beforeMs, lookup ?? "", limit + 1);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { items: page.map(summaryOf), next: last === undefined ? null : `${last.last_ms}.${last.lookup}` };
    },
    find(id) {
      const row = one.get(id);
      return row === null ? undefined : summaryOf(row);
    },
    messages(id, limit, cursor) {
      const before = /^\d{1,15}$/u.test(cursor ?? "") ? Number(cursor) : Number.MAX_SAFE_INTEGER;
      const rows = turns.all(id, before, limit + 1);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const items = page.reverse().flatMap((row) => entriesOf(row, deps));
      return { items, next: last === undefined ? null : String(last.turn_row) };
    },
    erase(person) {
      database.query("DELETE FROM agent_turn WHERE person = ?").run(person);
      database.query("DELETE FROM agent_session WHERE person = ?").run(person);
      database.query("DELETE FROM agent_person WHERE person = ?").run(person);
    },
  };
}

function summaryOf(row: SummaryRow): ConversationSummary {
  return {
    id: row.lookup,
    person: row.person,
    channel: row.channel,
    lastMessageMs: row.last_ms,
    messageCount: row.turns * 2 - row.running,
    isAnswering: row.running > 0,
  };
}

function entriesOf(row: TurnRow, deps: SessionDeps): ConversationEntry[] {
  const state = row.state === "running" ? "answering" : row.state === "ended" ? "answered" : "failed";
  const common = { state, inboxId: row.inbox_id } as const;
  const none = { sources: [], promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
  const question: ConversationEntry = {
    id: `${row.id}/in`,
    direction: "in",
    text: readableText(row, "question", deps),
    atMs: row.started_ms,
    ...common,
    ...none,
  };
  if (row.state === "running") return [question];
  const reply: ConversationEntry = {
    id: `${row.id}/out`,
    direction: "out",
    text: readableText(row, "reply", deps),
    atMs: row.ended_ms ?? row.started_ms,
    ...common,
    sources: parseSources(readableText(row, "sources", deps) ?? ""),
    promptTokens: row.prompt_tokens,
    cachedTokens: row.cached_tokens,
    completionTokens: row.completion_tokens,
  };
  return [question, reply];
}

function readableText(row: TurnRow, column: TurnTextColumn, deps: SessionDeps): string | null {
  try {
    return openText(row, column, deps);
  } catch (thrown) {
    if (isHearthError(thrown) && thrown.code === "key-destroyed") return null;
    throw thrown;
  }
}
