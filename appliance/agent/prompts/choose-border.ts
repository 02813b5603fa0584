// SPDX-License-Identifier: AGPL-3.0-only

/** What is left of the budget after turns were dropped; the smaller, the rarer the prefix of the cache breaks. */
const shareKept = 0.5;

/**
 * Where history begins when it no longer fits: the index of the first turn to keep. Drops the oldest turns in one
 * block, down to half of the budget, so that the border then stays where it is for many turns and the prefix before
 * the newest turn stays cached. At least one turn is dropped. `turnTokens` are estimates, oldest first.
 */
export function chooseBorder(turnTokens: readonly number[], fixedTokens: number, budgetTokens: number): number {
  let kept = fixedTokens;
  let index = turnTokens.length;
  while (index > 1) {
    kept += turnTokens[index - 1] ?? 0;
    if (kept > budgetTokens * shareKept) break;
    index -= 1;
  }
  return index;
}
