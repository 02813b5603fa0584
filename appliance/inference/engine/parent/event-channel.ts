// SPDX-License-Identifier: AGPL-3.0-only
import type { GenerateEvent } from "../types.ts";

/** Events on their way from the child to one reader. */
export interface EventChannel {
  /** Adds an event; `tokens` is how many tokens of credit it stands for. */
  push(event: GenerateEvent, tokens: number): void;
  /** Tokens that need no event. */
  skip(tokens: number): void;
  /** The next event; undefined after the last. */
  next(): Promise<GenerateEvent | undefined>;
}

interface Entry {
  event: GenerateEvent;
  tokens: number;
}

/**
 * A queue for one reader. Text that waits is joined, so that a slow reader finds one long delta; each event that is
 * read gives its credit back through `onRead`, which is what lets the child go on.
 */
export function createEventChannel(onRead: (tokens: number) => void): EventChannel {
  const entries: Entry[] = [];
  let isClosed = false;
  let wake: (() => void) | undefined;
  return {
    push(event, tokens) {
      if (isClosed) return;
      const last = entries.at(-1);
      const joins = event.type === "delta" && last?.event.type === "delta" && !event.logprobs && !last.event.logprobs;
      if (joins && last?.event.type === "delta") {
        last.event = { type: "delta", text: last.event.text + event.text };
        last.tokens += tokens;
      } else entries.push({ event, tokens });
      wake?.();
    },
    skip: onRead,
    async next() {
      if (isClosed) return undefined;
      while (entries.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      const entry = entries.shift();
      if (entry === undefined) return undefined;
      if (entry.event.type === "end" || entry.event.type === "failed") isClosed = true;
      if (entry.tokens > 0) onRead(entry.tokens);
      return entry.event;
    },
  };
}
