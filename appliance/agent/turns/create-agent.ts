// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../shared/errors/index.ts";
import { parseCommand } from "../commands/index.ts";
import { detectLanguage, type Language } from "../knowledge/index.ts";
import { createTokenRatios } from "../prompts/index.ts";
import { createSessionStore, type SessionAddress, sessionAddressText, type TurnResult } from "../sessions/index.ts";
import { answerTurn } from "./answer-turn.ts";
import { commandTurn } from "./command-turn.ts";
import { createDayFormatter } from "./day-formatter.ts";
import { stoppedTurn } from "./ended-turn.ts";
import type { AgentDeps, AgentOptions } from "./ports.ts";
import { createReplyText } from "./reply-text.ts";
import { createRunningTurns } from "./running-turns.ts";
import { storedOutcome } from "./stored-outcome.ts";
import type { AgentParts, TurnContext } from "./turn-context.ts";
import { failureOfError } from "./turn-failure.ts";
import type { Agent, RunningTurn, TurnEvent, TurnRequest } from "./types.ts";

/** Commands that are answered beside a running answer. */
const immediate: ReadonlySet<string> = new Set(["stop", "status"]);

/**
 * Makes the agent. A turn runs as its events are read: it writes its row, answers, and leaves the outcome to `commit`,
 * which the router calls in the transaction that also writes the reply to the outbox.
 */
export function createAgent(deps: AgentDeps, options: AgentOptions = {}): Agent {
  let generations = 0;
  const parts: AgentParts = {
    deps,
    dayOf: createDayFormatter(options.timeZone),
    sessions: createSessionStore(deps),
    running: createRunningTurns(),
    tokenRatios: createTokenRatios(),
    nextGeneration: () => ++generations,
  };
  return {
    startTurn: (request, signal) => startTurn(parts, request, signal),
    isImmediateCommand(text) {
      const command = parseCommand(text);
      return command.kind === "command" && immediate.has(command.name);
    },
  };
}

function startTurn(parts: AgentParts, request: TurnRequest, signal: AbortSignal): RunningTurn {
  const { sessions } = parts;
  const address = addressOf(request);
  const ticket = sessions.ticket(address, request.inboxId, request.text);
  const controller = new AbortController();
  const chosenLanguage = sessions.language(request.person);
  const context: TurnContext = {
    ...parts,
    request,
    ticket,
    address: sessionAddressText(address),
    language: chosenLanguage ?? languageOf(parts, request),
    chosenLanguage,
    signal: AbortSignal.any([signal, controller.signal]),
    reply: createReplyText(),
    outcome: { number: 0 },
  };
  return {
    turnId: ticket.turnId,
    sessionId: ticket.sessionId,
    events: ticket.outcome === undefined ? runTurn(context, controller) : storedOutcome(ticket, ticket.outcome),
    commit: (ended) => commitTurn(context, ended),
  };
}

async function* runTurn(context: TurnContext, controller: AbortController): AsyncGenerator<TurnEvent> {
  const { deps, sessions, ticket, request } = context;
  const command = parseCommand(request.text);
  // A command is not stopped by /stop, least of all by itself.
  using _running = command.kind === "text" ? context.running.enter(context.address, controller) : undefined;
  try {
    context.outcome.number = await deps.storage.groupCommit(() => sessions.begin(ticket));
    deps.reached("06-turn-written");
    yield { type: "turn-started", turnId: ticket.turnId, sessionId: ticket.sessionId };
    if (command.kind === "text") yield* answerTurn(context);
    else yield await commandTurn(context, command);
  } catch (thrown) {
    if (context.signal.aborted) return yield stoppedTurn(context, []);
    const error = toHearthError(thrown, "turn-failed");
    deps.logger.error("turn-failed", { turnId: ticket.turnId, code: error.code });
    yield failureOfError(error, context.reply.said, context.language);
  }
}

function commitTurn(context: TurnContext, ended: Extract<TurnEvent, { type: "turn-ended" | "turn-failed" }>): void {
  const { sessions, ticket, outcome } = context;
  const isFirst = sessions.end(ticket, resultOf(context, ended));
  if (!isFirst || ended.type === "turn-failed") return;
  if (outcome.historyFrom !== undefined) sessions.moveBorder(ticket.sessionId, outcome.historyFrom);
  if (outcome.effect?.kind === "close-session") sessions.close(ticket.sessionId);
  if (outcome.effect?.kind === "set-language") sessions.setLanguage(ticket.address.person, outcome.effect.language);
}

function resultOf(context: TurnContext, ended: Extract<TurnEvent, { type: "turn-ended" | "turn-failed" }>): TurnResult {
  const { shown, model } = context.outcome;
  const rest = { ...(shown === undefined ? {} : { shown }), ...(model === undefined ? {} : { model }) };
  if (ended.type === "turn-failed") {
    const usage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
    return {
      state: "failed",
      reason: ended.code,
      reply: ended.reply,
      sources: [],
      isHistory: false,
      ...usage,
      ...rest,
    };
  }
  const { reason, reply, sources, promptTokens, cachedTokens, completionTokens } = ended;
  const isHistory = reason !== "command" && context.reply.said !== "";
  return { state: "ended", reason, reply, sources, isHistory, promptTokens, cachedTokens, completionTokens, ...rest };
}

function addressOf(request: TurnRequest): SessionAddress {
  const { person, channel, conversation, sessionKey } = request;
  return { person, channel, conversation, ...(sessionKey === undefined ? {} : { sessionKey }) };
}

/** A question tells its language by its script; a command by what the channel says, or by what was asked before. */
function languageOf({ sessions }: AgentParts, request: TurnRequest): Language {
  const channel = request.language === undefined ? undefined : /^zh\b/iu.test(request.language) ? "zh" : "en";
  const isCommand = parseCommand(request.text).kind !== "text";
  if (!isCommand || /\p{Script=Han}/u.test(request.text)) return detectLanguage(request.text, channel);
  return channel ?? detectLanguage(sessions.lastQuestion(request.person) ?? "");
}
