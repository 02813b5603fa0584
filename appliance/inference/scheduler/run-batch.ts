// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { StepBatchItem, StepContext } from "./types.ts";

/** What became of the items of a batch. */
export interface BatchHandlers<Item extends StepBatchItem> {
  /** These were decoded; `rows` are valid until the returned promise settles. */
  decoded(items: readonly Item[], rows: readonly number[]): Promise<void>;
  /** This one cannot be decoded, whatever it is batched with. Its cells are as before the step, or cleared. */
  failed(item: Item, error: HearthError): void;
  /** The cells of this one are gone and have to be read again. */
  lost(item: Item): void;
}

/**
 * Decodes a batch. One that fails is halved until the item at fault stands alone: it fails, the others go on.
 * Before each retry the cells are put back to where they were.
 */
export async function runBatch<Item extends StepBatchItem>(
  context: StepContext,
  items: readonly Item[],
  handlers: BatchHandlers<Item>,
): Promise<void> {
  let rows: readonly number[];
  try {
    rows = await context.decode(items);
  } catch (cause) {
    const intact = items.filter((item) => {
      if (context.trim(item.sequence, item.position)) return true;
      context.clear(item.sequence);
      if (items.length > 1) handlers.lost(item);
      return items.length === 1;
    });
    if (items.length === 1) {
      const [item] = items;
      const message = `the model could not continue this text (${cause instanceof Error ? cause.message : "decode failed"})`;
      if (item !== undefined) handlers.failed(item, new HearthError({ code: "decode-failed", message, cause }));
      return;
    }
    const middle = Math.ceil(intact.length / 2);
    if (intact.length > 0) await runBatch(context, intact.slice(0, middle), handlers);
    if (intact.length > middle) await runBatch(context, intact.slice(middle), handlers);
    return;
  }
  await handlers.decoded(items, rows);
}
