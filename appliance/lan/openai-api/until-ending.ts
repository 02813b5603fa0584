// SPDX-License-Identifier: AGPL-3.0-only
import type { ChoiceEvent } from "./completion-event.ts";
import { boxStops } from "./openai-failure.ts";

/** Why a call's signal aborts when it is the box that leaves and not the client. */
export const boxStopsReason = "box-stops";

/** The events until `ending` aborts; then a failure that says so, after `onEnding` was called. */
export async function* untilEnding(
  source: AsyncIterable<ChoiceEvent>,
  ending: AbortSignal | undefined,
  onEnding: () => void,
): AsyncGenerator<ChoiceEvent> {
  const iterator = source[Symbol.asyncIterator]();
  const over = Promise.withResolvers<null>();
  const isOver = (): void => over.resolve(null);
  ending?.addEventListener("abort", isOver, { once: true });
  if (ending?.aborted === true) isOver();
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), over.promise]);
      if (result === null) {
        onEnding();
        yield { choice: 0, event: { type: "failed", failure: boxStops } };
        return;
      }
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    ending?.removeEventListener("abort", isOver);
    // Not awaited: its next() may be under way, and ends by the call's signal.
    void iterator.return?.(undefined);
  }
}
