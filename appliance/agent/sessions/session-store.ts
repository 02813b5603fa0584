// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import { createId, type PersonId, type SessionId, type TurnId } from "../../../shared/ids/index.ts";
import type { SessionDeps } from "./ports.ts";
import { type SessionAddress, sessionAddressText } from "./session-address.ts";
import { sessionStatements } from "./session-statements.ts";
import type { TurnResult, TurnRow, TurnTextColumn } from "./turn-row.ts";

/** The ids of a turn, known before anything is written. */
export interface TurnTicket {
  readonly turnId: TurnId;
  readonly sessionId: SessionId;
  readonly address: SessionAddress;
  readonly inboxId: string;
  readonly question: string;
  /** The stored outcome, when this inbox row was answered already. */
  readonly outcome?: TurnResult;
}

/** A turn of the past as later prompts repeat it. */
export interface HistoryTurn {
  readonly number: number;
  /** The user message as the model saw it then. */
  readonly shown: string;
  readonly reply: string;
}

/** What a prompt needs of a session. */
export interface SessionHistory {
  /** Oldest first, from the border on, without the turn itself. */
  readonly turns: readonly HistoryTurn[];
  /** The number that a border behind the newest of `turns` would have: the turn's own. */
  readonly turnNumber: number;
  /** Whether earlier turns of the session are left out. */
  readonly isShortened: boolean;
}

/** Sessions and their turns. Everything is synchronous; the caller decides which transaction it is in. */
export interface SessionStore {
  /** Finds or invents the ids of the turn for an inbox row. Writes nothing. */
  ticket(address: SessionAddress, inboxId: string, question: string): TurnTicket;
  /** Writes session and turn; for an inbox row met again it takes over the unfinished turn. Returns the turn's number. */
  begin(ticket: TurnTicket): number;
  /** Writes the outcome; a turn that has ended already is left as it is. Returns whether this call ended it. */
  end(ticket: TurnTicket, result: TurnResult): boolean;
  history(sessionId: SessionId, beforeNumber: number): SessionHistory;
  /** Turns with a smaller number are left out of prompts from now on. */
  moveBorder(sessionId: SessionId, fromNumber: number): void;
  /** Ends a session: the next message of its address begins a new one. */
  close(sessionId: SessionId): void;
  language(person: PersonId): "en" | "zh" | undefined;
  /** What the person last asked, in any conversation, commands left out. */
  lastQuestion(person: PersonId): string | undefined;
  setLanguage(person: PersonId, language: "en" | "zh" | undefined): void;
}

/** More turns than this are never read; prompts cut their history long before. */
const maxHistoryTurns = 400;

/** Makes the store over the tables of `0003-agent.sql`. */
export function createSessionStore(deps: SessionDeps): SessionStore {
  const { storage, vault, clock } = deps;
  const statements = sessionStatements(storage);
  /** Ids given out for sessions that are not written yet, so that two messages of one tick share one. */
  const pending = new Map<string, SessionId>();

  const sealTurn = (ticket: TurnTicket, column: TurnTextColumn, text: string): Uint8Array =>
    vault.seal(ticket.address.person, { table: "agent_turn", row: ticket.turnId, column }, text);
  const lookupOf = (address: SessionAddress): string => vault.blindIndex("agent-session", sessionAddressText(address));

  function sessionIdOf(address: SessionAddress): SessionId {
    const lookup = lookupOf(address);
    const open = statements.openSession.get(lookup);
    if (open !== null) {
      pending.delete(lookup);
      return open.id as SessionId;
    }
    const id = pending.get(lookup) ?? createId("session", clock.now());
    pending.set(lookup, id);
    return id;
  }

  function begin(ticket: TurnTicket): number {
    const { address, sessionId } = ticket;
    const nowMs = clock.now();
    const known = statements.turnByInbox.get(ticket.inboxId);
    if (known !== null) {
      if (known.id === ticket.turnId)
        statements.restartTurn.run(sealTurn(ticket, "question", ticket.question), nowMs, known.id);
      return known.number;
    }
    if (statements.sessionById.get(sessionId) === null) {
      const place = { table: "agent_session", row: sessionId, column: "conversation" };
      const conversation = vault.seal(address.person, place, address.conversation);
      const lookup = lookupOf(address);
      statements.insertSession.run(sessionId, address.person, address.channel, conversation, lookup, nowMs, nowMs);
    } else statements.touchSession.run(nowMs, sessionId);
    const number = statements.nextNumber.get(sessionId)?.next ?? 1;
    const question = sealTurn(ticket, "question", ticket.question);
    statements.insertTurn.run(ticket.turnId, sessionId, number, address.person, ticket.inboxId, question, nowMs);
    return number;
  }

  return {
    ticket(address, inboxId, question) {
      const known = statements.turnByInbox.get(inboxId);
      if (known === null) {
        const turnId = createId("turn", clock.now());
        return { turnId, sessionId: sessionIdOf(address), address, inboxId, question };
      }
      if (known.person !== address.person) throw foreignTurn(inboxId);
      const ticket = { turnId: known.id, sessionId: known.session, address, inboxId, question };
      return known.state === "running" ? ticket : { ...ticket, outcome: storedResult(known, deps) };
    },
    begin,
    end(ticket, result) {
      begin(ticket);
      const nowMs = clock.now();
      const ended = statements.endTurn.run(
        result.state,
        result.reason,
        result.isHistory ? 1 : 0,
        result.shown === undefined ? null : sealTurn(ticket, "shown", result.shown),
        sealTurn(ticket, "reply", result.reply),
        sealTurn(ticket, "sources", JSON.stringify(result.sources)),
        result.model ?? null,
        result.promptTokens,
        result.cachedTokens,
        result.completionTokens,
        nowMs,
        ticket.turnId,
      );
      statements.touchSession.run(nowMs, ticket.sessionId);
      pending.delete(lookupOf(ticket.address));
      return ended.changes > 0;
    },
    history(sessionId, beforeNumber) {
      const from = statements.sessionById.get(sessionId)?.history_from ?? 0;
      const rows = statements.history.all(sessionId, from, beforeNumber, maxHistoryTurns);
      const turns = rows.reverse().map((row) => ({
        number: row.number,
        shown: openText(row, row.shown === null ? "question" : "shown", deps),
        reply: openText(row, "reply", deps),
      }));
      return { turns, turnNumber: beforeNumber, isShortened: from > 0 || rows.length === maxHistoryTurns };
    },
    moveBorder: (sessionId, fromNumber) => void statements.moveBorder.run(fromNumber, sessionId),
    close: (sessionId) => void statements.closeSession.run(clock.now(), sessionId),
    language(person) {
      const language = statements.language.get(person)?.language;
      return language === "en" || language === "zh" ? language : undefined;
    },
    lastQuestion(person) {
      const row = statements.lastQuestion.get(person);
      return row === null ? undefined : openText(row, "question", deps);
    },
    setLanguage: (person, language) => void statements.setLanguage.run(person, language ?? null),
  };
}

function foreignTurn(inboxId: string): HearthError {
  return new HearthError({
    code: "turn-of-another-person",
    message: `the inbox row ${inboxId} was begun for another person`,
    remedy: "This is a defect of the message path; send the log to the makers.",
  });
}

/** Opens one text of a turn. @throws HearthError `value-tampered` or `key-destroyed`. */
export function openText(row: TurnRow, column: TurnTextColumn, { vault }: Pick<SessionDeps, "vault">): string {
  const sealed = row[column];
  return sealed === null ? "" : vault.open(row.person, { table: "agent_turn", row: row.id, column }, sealed);
}

function storedResult(row: TurnRow, deps: SessionDeps): TurnResult {
  return {
    state: row.state === "failed" ? "failed" : "ended",
    reason: row.reason ?? "stop",
    reply: openText(row, "reply", deps),
    sources: parseSources(openText(row, "sources", deps)),
    isHistory: row.is_history === 1,
    promptTokens: row.prompt_tokens,
    cachedTokens: row.cached_tokens,
    completionTokens: row.completion_tokens,
  };
}

/** The stored list of sources; an unreadable one is an empty one, since nothing depends on it. */
export function parseSources(text: string): string[] {
  if (text === "") return [];
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}
