// SPDX-License-Identifier: AGPL-3.0-only
import type { EngineErrorCode, FinishReason, GenerateEvent, GenerateRequest } from "../types.ts";
import type { EngineOrder, GenerationNews } from "../wire/messages.ts";
import { createEventChannel } from "./event-channel.ts";

/** Times at which a generation made progress, for metrics. */
export interface GenerationTimes {
  onFirstToken(sinceRequestMs: number): void;
  onToken(sinceLastMs: number): void;
  onCached(tokens: number): void;
}

/** The box's side of one generation: its request, the log of its tokens, and what its reader has been told. */
export interface TrackedGeneration {
  readonly request: GenerateRequest;
  /** The order that begins it, or goes on with it in a new child. */
  order(): EngineOrder;
  take(news: GenerationNews): void;
  /** The child died. False when it died too often while this one was running: it is failed instead of repeated. */
  interrupt(): boolean;
  /** Ends it without the child. */
  fail(code: EngineErrorCode, message: string, retryAfterMs?: number): void;
  cancelLocally(): void;
  readonly isOver: boolean;
  next(): Promise<GenerateEvent | undefined>;
}

/** A generation during which the child died this often is taken for the cause. */
const mostInterruptions = 3;

interface Log {
  readonly tokens: number[];
  saidCharacters: number;
  saidCalls: number;
  /** At the beginning of a replay: what the new child repeats and the reader has already. */
  skipCharacters: number;
  skipCalls: number;
}

/** Tracks one generation. `creditBack` tells the child that the reader took so many tokens. */
export function trackGeneration(
  request: GenerateRequest,
  monotonicMs: () => number,
  creditBack: (tokens: number) => void,
  times: GenerationTimes,
): TrackedGeneration {
  const channel = createEventChannel(creditBack);
  const log: Log = { tokens: [], saidCharacters: 0, saidCalls: 0, skipCharacters: 0, skipCalls: 0 };
  const beganMs = monotonicMs();
  let lastTokenMs = beganMs;
  let hasStarted = false;
  let isRunning = false;
  let interruptions = 0;
  let interruptedMs: number | undefined;
  let promptTokens = 0;
  let cachedTokens = 0;
  let isOver = false;

  const push = (event: GenerateEvent, tokens = 0): void => {
    if (event.type === "end" || event.type === "failed") isOver = true;
    channel.push(event, tokens);
  };
  const end = (
    reason: FinishReason,
    usage = { promptTokens, cachedTokens, completionTokens: log.tokens.length },
  ): void => push({ type: "end", reason, usage });

  const started = (news: Extract<GenerationNews, { type: "started" }>): void => {
    isRunning = true;
    if (hasStarted) {
      push({ type: "resumed", afterMs: Math.round(monotonicMs() - (interruptedMs ?? monotonicMs())) });
      interruptedMs = undefined;
      return;
    }
    hasStarted = true;
    promptTokens = news.promptTokens;
    cachedTokens = news.cachedTokens;
    times.onCached(cachedTokens);
    push({ type: "started", model: request.model ?? "", promptTokens, cachedTokens });
  };

  const tokens = (news: Extract<GenerationNews, { type: "tokens" }>): void => {
    for (const token of news.tokens) {
      const now = monotonicMs();
      if (log.tokens.length === 0) times.onFirstToken(now - beganMs);
      else times.onToken(now - lastTokenMs);
      lastTokenMs = now;
      log.tokens.push(token);
    }
    const skipped = Math.min(log.skipCharacters, news.text.length);
    log.skipCharacters -= skipped;
    const text = news.text.slice(skipped);
    log.saidCharacters += text.length;
    if (text === "" && news.logprobs === undefined) channel.skip(news.tokens.length);
    else
      push(
        { type: "delta", text, ...(news.logprobs === undefined ? {} : { logprobs: news.logprobs }) },
        news.tokens.length,
      );
  };

  return {
    request,
    order: () => ({ type: "generate", request, replay: [...log.tokens] }),
    take(news) {
      if (isOver) return;
      switch (news.type) {
        case "queued":
          if (!hasStarted) push({ type: "queued", position: news.position, predictedWaitMs: news.predictedWaitMs });
          break;
        case "started":
          started(news);
          break;
        case "tokens":
          tokens(news);
          break;
        case "tool-call":
          if (log.skipCalls > 0) log.skipCalls--;
          else {
            log.saidCalls++;
            push({ type: "tool-call", index: news.index, call: news.call });
          }
          break;
        case "end":
          end(news.reason, { ...news.usage, cachedTokens });
          break;
        case "failed":
          push({
            type: "failed",
            code: news.code,
            message: news.message,
            ...(news.retryAfterMs === undefined ? {} : { retryAfterMs: news.retryAfterMs }),
          });
          break;
      }
    },
    interrupt() {
      if (isRunning) interruptions++;
      isRunning = false;
      if (interruptions >= mostInterruptions) {
        const message = `the engine process ended ${interruptions} times while it worked on this request`;
        push({ type: "failed", code: "decode-failed", message });
        return false;
      }
      interruptedMs ??= monotonicMs();
      log.skipCharacters = log.saidCharacters;
      log.skipCalls = log.saidCalls;
      return true;
    },
    fail(code, message, retryAfterMs) {
      if (!isOver) push({ type: "failed", code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    },
    cancelLocally() {
      if (!isOver) end("cancelled");
    },
    get isOver() {
      return isOver;
    },
    next: () => channel.next(),
  };
}
