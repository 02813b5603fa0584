// SPDX-License-Identifier: AGPL-3.0-only
import { choosePlacement, type Placement } from "./choose-placement.ts";
import { createRadixTree, type RadixTree } from "./radix-tree.ts";

/** What each sequence's KV cells hold, and which sequence a prompt should take. */
export interface PrefixCache {
  /** Where a prompt goes; undefined when every sequence is busy. Marks nothing. */
  place(key: string, tokens: readonly number[], busy: ReadonlySet<number>): Placement | undefined;
  /** A placement is carried out: the sequence now holds the first `reuseTokens` of `tokens`, under `key`. */
  take(placement: Placement, key: string, tokens: readonly number[]): void;
  /** Tokens were decoded into a sequence. */
  append(sequence: number, tokens: readonly number[]): void;
  /** Cells from `length` on are gone. */
  truncate(sequence: number, length: number): void;
  /** Nothing is known any more about what the sequence holds. */
  clear(sequence: number): void;
  tokens(sequence: number): readonly number[];
  /** How many prompts found part of themselves, and how many tokens that saved. */
  statistics(): {
    readonly lookups: number;
    readonly hits: number;
    readonly hitTokens: number;
    readonly copies: number;
  };
}

export interface PrefixCacheOptions {
  readonly sequences: number;
  readonly canTrim: boolean;
  readonly canCopy: boolean;
  readonly copyCostTokens: number;
  /** After this long without use the chance that somebody comes back has halved, milliseconds. */
  readonly halfLifeMs: number;
}

interface Slot {
  key: string;
  tokens: number[];
  usedAtMs: number;
  /** Prompts that found something here; a hot prefix is worth more. */
  hits: number;
}

/**
 * The prefix cache: one radix tree for each key (model, adapter, template), a slot for each sequence. Idle sequences
 * keep their cells until somebody needs the place.
 */
export function createPrefixCache(monotonicMs: () => number, options: PrefixCacheOptions): PrefixCache {
  const slots: Slot[] = Array.from({ length: options.sequences }, () => ({
    key: "",
    tokens: [],
    usedAtMs: 0,
    hits: 0,
  }));
  const trees = new Map<string, RadixTree>();
  const statistics = { lookups: 0, hits: 0, hitTokens: 0, copies: 0 };
  const slotOf = (sequence: number): Slot => slots[sequence] ?? { key: "", tokens: [], usedAtMs: 0, hits: 0 };
  const treeOf = (key: string): RadixTree => {
    const tree = trees.get(key) ?? createRadixTree();
    trees.set(key, tree);
    return tree;
  };
  const clear = (sequence: number): void => {
    const slot = slotOf(sequence);
    treeOf(slot.key).remove(sequence);
    slot.tokens = [];
    slot.hits = 0;
  };
  const reuseProbability = (slot: Slot): number => {
    const recency = 0.5 ** ((monotonicMs() - slot.usedAtMs) / options.halfLifeMs);
    return Math.min(1, recency * (0.5 + slot.hits * 0.1));
  };
  return {
    place(key, tokens, busy) {
      const matches = treeOf(key).match(tokens);
      const candidates = slots.map((slot, sequence) => ({
        sequence,
        isBusy: busy.has(sequence),
        lengthTokens: slot.tokens.length,
        matchTokens: matches.get(sequence) ?? 0,
        uniqueTokens: slot.tokens.length - treeOf(slot.key).sharedLength(sequence),
        reuseProbability: reuseProbability(slot),
      }));
      return choosePlacement(candidates, { ...options, promptTokens: tokens.length });
    },
    take(placement, key, tokens) {
      const kept = tokens.slice(0, placement.reuseTokens);
      statistics.lookups++;
      if (kept.length > 0) {
        statistics.hits++;
        statistics.hitTokens += kept.length;
        slotOf(placement.copyFrom ?? placement.sequence).hits++;
      }
      if (placement.copyFrom !== undefined) statistics.copies++;
      const hits = placement.copyFrom === undefined && kept.length > 0 ? slotOf(placement.sequence).hits : 0;
      clear(placement.sequence);
      const slot = slotOf(placement.sequence);
      slot.key = key;
      slot.tokens = kept;
      slot.hits = hits;
      slot.usedAtMs = monotonicMs();
      treeOf(key).append(placement.sequence, kept);
    },
    append(sequence, tokens) {
      const slot = slotOf(sequence);
      for (const token of tokens) slot.tokens.push(token);
      slot.usedAtMs = monotonicMs();
      treeOf(slot.key).append(sequence, tokens);
    },
    truncate(sequence, length) {
      const slot = slotOf(sequence);
      if (length >= slot.tokens.length) return;
      const kept = slot.tokens.slice(0, length);
      const { hits } = slot;
      clear(sequence);
      slot.tokens = kept;
      slot.hits = hits;
      treeOf(slot.key).append(sequence, kept);
    },
    clear,
    tokens: (sequence) => slotOf(sequence).tokens,
    statistics: () => statistics,
  };
}
