// SPDX-License-Identifier: AGPL-3.0-only
import type { ChoiceEvent, CompletionEvent } from "./completion-event.ts";

interface Step {
  readonly choice: number;
  readonly result: IteratorResult<CompletionEvent>;
}

/**
 * The events of several answers as they come. A source is asked for its next event only after the one before was
 * taken, so that a slow client slows the engine. Leaving the loop leaves all sources.
 */
export async function* mergeChoices(sources: readonly AsyncIterable<CompletionEvent>[]): AsyncGenerator<ChoiceEvent> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const pending = new Map<number, Promise<Step>>();
  const ask = (choice: number, iterator: AsyncIterator<CompletionEvent>): void => {
    pending.set(
      choice,
      iterator.next().then((result) => ({ choice, result })),
    );
  };
  for (const [choice, iterator] of iterators.entries()) ask(choice, iterator);
  try {
    while (pending.size > 0) {
      const { choice, result } = await Promise.race(pending.values());
      pending.delete(choice);
      if (result.done === true) continue;
      yield { choice, event: result.value };
      const iterator = iterators[choice];
      if (iterator !== undefined) ask(choice, iterator);
    }
  } finally {
    // Not awaited: an iterator whose next() is under way closes after it, and the caller's abort ends that one.
    for (const iterator of iterators) void iterator.return?.();
  }
}
