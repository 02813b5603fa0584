// SPDX-License-Identifier: AGPL-3.0-only

/** A sequence as a place for a new prompt. */
export interface PlacementCandidate {
  readonly sequence: number;
  readonly isBusy: boolean;
  /** Tokens in its cells. */
  readonly lengthTokens: number;
  /** Tokens it has in common with the prompt, from the start. */
  readonly matchTokens: number;
  /** Of its tokens, how many no other sequence holds. */
  readonly uniqueTokens: number;
  /** How likely somebody comes back for them, 0…1. */
  readonly reuseProbability: number;
}

export interface PlacementRules {
  readonly promptTokens: number;
  /** Cells can be cut off at any length (not so for recurrent and sliding-window memory). */
  readonly canTrim: boolean;
  readonly canCopy: boolean;
  /** What a copy costs, in prompt tokens that could be read in the same time. */
  readonly copyCostTokens: number;
}

/** Where a prompt goes and what of it is already there. */
export interface Placement {
  readonly sequence: number;
  readonly reuseTokens: number;
  /** Copy this sequence's cells first. */
  readonly copyFrom?: number;
}

/**
 * Picks the placement with the least work: tokens to read, plus what a copy costs, plus the expected cost of reading
 * again what is thrown away (recompute cost × chance of reuse; all sequences take the same bytes). Pure.
 * Undefined when every sequence is busy.
 */
export function choosePlacement(
  candidates: readonly PlacementCandidate[],
  rules: PlacementRules,
): Placement | undefined {
  // The last prompt token is always decoded: its logits are what the first token is sampled from.
  const most = rules.promptTokens - 1;
  const usable = (candidate: PlacementCandidate): number => {
    const reuse = Math.min(candidate.matchTokens, most);
    return rules.canTrim || reuse === candidate.lengthTokens ? reuse : 0;
  };
  let best: Placement | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  const consider = (placement: Placement, cost: number): void => {
    if (cost >= bestCost) return;
    best = placement;
    bestCost = cost;
  };
  let source: PlacementCandidate | undefined;
  for (const candidate of candidates) {
    if (source === undefined || usable(candidate) > usable(source)) source = candidate;
  }
  for (const candidate of candidates) {
    if (candidate.isBusy) continue;
    const reuse = usable(candidate);
    const lost = Math.min(candidate.uniqueTokens, candidate.lengthTokens - reuse) * candidate.reuseProbability;
    consider({ sequence: candidate.sequence, reuseTokens: reuse }, rules.promptTokens - reuse + lost);
    if (!rules.canCopy || source === undefined || source.sequence === candidate.sequence) continue;
    const copied = usable(source);
    if (copied === 0) continue;
    const lostAll = candidate.uniqueTokens * candidate.reuseProbability;
    consider(
      { sequence: candidate.sequence, reuseTokens: copied, copyFrom: source.sequence },
      rules.promptTokens - copied + rules.copyCostTokens + lostAll,
    );
  }
  return best;
}
