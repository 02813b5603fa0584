// SPDX-License-Identifier: AGPL-3.0-only
import type { EngineErrorCode, GenerateEvent, GenerateRequest, Usage } from "../types.ts";
import type { EngineOrder, GenerationNews } from "../wire/messages.ts";
import { createEventChannel, type EventChannel } from "./event-channel.ts";

/** What a tracked generation needs of its surroundings. */
export interface TrackingDeps {
  readonly monotonicMs: () => number;
  /** The model that answers, for `started`. */
  readonly modelName: () => string;
  /** The reader took so many tokens: the child may go on. */
  readonly creditBack: (tokens: number) => void;
  /** Milliseconds from the request to its first token, and between tokens; tokens out of the cache. For metrics. */
  readonly onFirstToken: (milliseconds: number) => void;
  readonly onToken: (milliseconds: number) => void;
  readonly onCached: (tokens: number) => void;
}

/** The box's side of one generation: its request, the log of its tokens, and what its reader has been told. */
export interface TrackedGeneration {
  /** The order that begins it, or goes on with it in a new child. */
  order(): EngineOrder;
  take(news: GenerationNews): void;
  /** The child died. One that dies again and again while this runs is not given it another time: it is failed. */
  interrupt(): void;
  /** Ends it without the child. */
  fail(code: EngineErrorCode, message: string): void;
  cancelLocally(): void;
  readonly isOver: boolean;
  next(): Promise<GenerateEvent | undefined>;
}

/** A generation during which the child died this often is taken for the cause. */
const mostInterruptions = 3;

interface Log {
  readonly request: GenerateRequest;
  readonly deps: TrackingDeps;
  readonly channel: EventChannel;
  readonly tokens: number[];
  readonly beganMs: number;
  lastTokenMs: number;
  saidCharacters: number;
  saidCalls: number;
  /** At the beginning of a replay: what the new child repeats and the reader has already. */
  skipCharacters: number;
  skipCalls: number;
  hasStarted: boolean;
  isRunning: boolean;
  interruptions: number;
  interruptedMs: number | undefined;
  promptTokens: number;
  cachedTokens: number;
  isOver: boolean;
}

function push(log: Log, event: GenerateEvent, tokens = 0): void {
  if (event.type === "end" || event.type === "failed") log.isOver = true;
  log.channel.push(event, tokens);
}

function usageOf(log: Log): Usage {
  return { promptTokens: log.promptTokens, cachedTokens: log.cachedTokens, completionTokens: log.tokens.length };
}

function takeStarted(log: Log, news: Extract<GenerationNews, { type: "started" }>): void {
  log.isRunning = true;
  if (log.hasStarted) {
    const now = log.deps.monotonicMs();
    push(log, { type: "resumed", afterMs: Math.round(now - (log.interruptedMs ?? now)) });
    log.interruptedMs = undefined;
    return;
  }
  log.hasStarted = true;
  log.promptTokens = news.promptTokens;
  log.cachedTokens = news.cachedTokens;
  log.deps.onCached(news.cachedTokens);
  const { cachedTokens, promptTokens } = news;
  push(log, { type: "started", model: log.deps.modelName(), promptTokens, cachedTokens });
}

function takeTokens(log: Log, news: Extract<GenerationNews, { type: "tokens" }>): void {
  for (const token of news.tokens) {
    const now = log.deps.monotonicMs();
    if (log.tokens.length === 0) log.deps.onFirstToken(now - log.beganMs);
    else log.deps.onToken(now - log.lastTokenMs);
    log.lastTokenMs = now;
    log.tokens.push(token);
  }
  const skipped = Math.min(log.skipCharacters, news.text.length);
  log.skipCharacters -= skipped;
  const text = news.text.slice(skipped);
  log.saidCharacters += text.length;
  const { logprobs } = news;
  if (text === "" && logprobs === undefined) log.channel.skip(news.tokens.length);
  else push(log, { type: "delta", text, ...(logprobs === undefined ? {} : { logprobs }) }, news.tokens.length);
}

function take(log: Log, news: GenerationNews): void {
  if (log.isOver) return;
  switch (news.type) {
    case "queued":
      if (log.hasStarted) break;
      push(log, { type: "queued", position: news.position, predictedWaitMs: news.predictedWaitMs });
      break;
    case "started":
      takeStarted(log, news);
      break;
    case "tokens":
      takeTokens(log, news);
      break;
    case "tool-call":
      if (log.skipCalls > 0) {
        log.skipCalls--;
        break;
      }
      log.saidCalls++;
      push(log, { type: "tool-call", index: news.index, call: news.call });
      break;
    case "end":
      push(log, { type: "end", reason: news.reason, usage: { ...news.usage, cachedTokens: log.cachedTokens } });
      break;
    case "failed": {
      const { code, message, retryAfterMs } = news;
      push(log, { type: "failed", code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
      break;
    }
  }
}

function interrupt(log: Log): void {
  if (log.isOver) return;
  if (log.isRunning) log.interruptions++;
  log.isRunning = false;
  if (log.interruptions >= mostInterruptions) {
    const message = `the engine process ended ${log.interruptions} times while it worked on this request`;
    push(log, { type: "failed", code: "decode-failed", message });
    return;
  }
  log.interruptedMs ??= log.deps.monotonicMs();
  log.skipCharacters = log.saidCharacters;
  log.skipCalls = log.saidCalls;
}

/** Tracks one generation from its request to its end, over as many children as that takes. */
export function trackGeneration(request: GenerateRequest, deps: TrackingDeps): TrackedGeneration {
  const beganMs = deps.monotonicMs();
  const log: Log = {
    request,
    deps,
    channel: createEventChannel(deps.creditBack),
    tokens: [],
    beganMs,
    lastTokenMs: beganMs,
    saidCharacters: 0,
    saidCalls: 0,
    skipCharacters: 0,
    skipCalls: 0,
    hasStarted: false,
    isRunning: false,
    interruptions: 0,
    interruptedMs: undefined,
    promptTokens: 0,
    cachedTokens: 0,
    isOver: false,
  };
  return {
    order: () => ({ type: "generate", request, replay: [...log.tokens] }),
    take: (news) => take(log, news),
    interrupt: () => interrupt(log),
    fail(code, message) {
      if (!log.isOver) push(log, { type: "failed", code, message });
    },
    cancelLocally() {
      if (!log.isOver) push(log, { type: "end", reason: "cancelled", usage: usageOf(log) });
    },
    get isOver() {
      return log.isOver;
    },
    next: () => log.channel.next(),
  };
}
