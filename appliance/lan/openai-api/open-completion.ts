// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { ChoiceEvent } from "./completion-event.ts";
import type { OpenAiFailure } from "./openai-failure.ts";

/** Either the answer has begun (or is still waiting after the time given), or it failed before a word was said. */
export type OpenedCompletion =
  | { readonly isOpen: true; readonly hasBegun: boolean; readonly events: AsyncIterable<ChoiceEvent> }
  | { readonly isOpen: false; readonly failure: OpenAiFailure };

/**
 * Holds the status line back until the answer begins, so that a full queue is a 429 and not an error inside a 200; at
 * most `waitMs`, so that a client in a long queue sees a live connection.
 */
export async function openCompletion(
  source: AsyncIterable<ChoiceEvent>,
  clock: Clock,
  waitMs: number,
): Promise<OpenedCompletion> {
  const iterator = source[Symbol.asyncIterator]();
  const timeout = new AbortController();
  const isTimeUp = clock.sleep(waitMs, timeout.signal).then(() => null);
  let next = iterator.next();
  let hasBegun = true;
  for (;;) {
    const result = await Promise.race([next, isTimeUp]);
    if (result === null) hasBegun = false;
    if (result === null || result.done === true) break;
    const { event } = result.value;
    if (event.type === "failed") {
      timeout.abort();
      void iterator.return?.();
      return { isOpen: false, failure: event.failure };
    }
    if (event.type !== "waiting") break;
    next = iterator.next();
  }
  timeout.abort();
  return { isOpen: true, hasBegun, events: resume(iterator, next) };
}

async function* resume(
  iterator: AsyncIterator<ChoiceEvent>,
  first: Promise<IteratorResult<ChoiceEvent>>,
): AsyncGenerator<ChoiceEvent> {
  let next = first;
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      yield result.value;
      next = iterator.next();
    }
  } finally {
    void iterator.return?.();
  }
}
