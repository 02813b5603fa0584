// SPDX-License-Identifier: AGPL-3.0-only
import type { CollectedAnswer } from "./answers/chat-completion.ts";
import type { ChoiceEvent, CompletionEvent } from "./completion-event.ts";
import { mergeChoices } from "./merge-choices.ts";
import { openCompletion } from "./open-completion.ts";
import type { OpenAiApiDeps, OpenAiApiOptions, OpenAiCall } from "./openai-api-deps.ts";
import { failureResponse } from "./openai-failure.ts";
import { sseResponse } from "./sse-response.ts";
import { boxStopsReason, untilEnding } from "./until-ending.ts";

/** One call: what makes the answers, and what they look like on the wire. */
export interface CompletionRun {
  /** One source a choice; `signal` aborts when the client leaves. */
  readonly sources: (signal: AbortSignal) => readonly AsyncIterable<CompletionEvent>[];
  /** Absent: the answer is sent whole. */
  readonly frames?: (events: AsyncIterable<ChoiceEvent>) => AsyncIterable<string>;
  readonly collect: (events: AsyncIterable<ChoiceEvent>) => Promise<CollectedAnswer>;
}

/** Runs a call to its HTTP answer. When the client leaves, or one choice fails, every generation of the call is cancelled. */
export async function runCompletion(
  deps: OpenAiApiDeps,
  options: OpenAiApiOptions,
  { request, onClosed, ending }: Pick<OpenAiCall, "request" | "onClosed" | "ending">,
  run: CompletionRun,
): Promise<Response> {
  const abort = new AbortController();
  const leave = (): void => abort.abort();
  const close = (): void => {
    request.signal.removeEventListener("abort", leave);
    leave();
  };
  request.signal.addEventListener("abort", leave, { once: true });
  if (request.signal.aborted) leave();
  const events = untilEnding(mergeChoices(run.sources(abort.signal)), ending, () => abort.abort(boxStopsReason));
  if (run.frames === undefined) {
    const answer = await run.collect(events);
    close();
    return answer.isComplete ? Response.json(answer.body) : failureResponse(answer.failure);
  }
  const opened = await openCompletion(events, deps.clock, options.headerWaitMs ?? 1000);
  if (!opened.isOpen) {
    close();
    return failureResponse(opened.failure);
  }
  return sseResponse(run.frames(opened.events), {
    clock: deps.clock,
    isQuiet: !opened.hasBegun,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    stallMs: options.stallMs ?? 120_000,
    onClosed() {
      close();
      onClosed();
    },
  });
}
