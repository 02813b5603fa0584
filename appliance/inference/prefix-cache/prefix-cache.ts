// SPDX-License-Identifier: AGPL-3.0-only
import { choosePlacement, type Placement, type PlacementCandidate } from "./choose-placement.ts";
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

interface CacheState {
  readonly monotonicMs: () => number;
  readonly options: PrefixCacheOptions;
  readonly slots: readonly Slot[];
  readonly trees: Map<string, RadixTree>;
  readonly statistics: { lookups: number; hits: number; hitTokens: number; copies: number };
}

function emptySlot(): Slot {
  return { key: "", tokens: [], usedAtMs: 0, hits: 0 };
}

function slotOf(state: CacheState, sequence: number): Slot {
  return state.slots[sequence] ?? emptySlot();
}

function treeOf(state: CacheState, key: string): RadixTree {
  const tree = state.trees.get(key) ?? createRadixTree();
  state.trees.set(key, tree);
  return tree;
}

function clear(state: CacheState, sequence: number): void {
  const slot = slotOf(state, sequence);
  treeOf(state, slot.key).remove(sequence);
  slot.tokens = [];
  slot.hits = 0;
}

/** Puts tokens into a slot that was cleared. */
function fill(state: CacheState, sequence: number, tokens: number[], hits: number): void {
  const slot = slotOf(state, sequence);
  slot.tokens = tokens;
  slot.hits = hits;
  treeOf(state, slot.key).append(sequence, tokens);
}

function reuseProbability(state: CacheState, slot: Slot): number {
  const recency = 0.5 ** ((state.monotonicMs() - slot.usedAtMs) / state.options.halfLifeMs);
  return Math.min(1, recency * (0.5 + slot.hits * 0.1));
}

function candidates(
  state: CacheState,
  key: string,
  tokens: readonly number[],
  busy: ReadonlySet<number>,
): PlacementCandidate[] {
  const matches = treeOf(state, key).match(tokens);
  return state.slots.map((slot, sequence) => ({
    sequence,
    isBusy: busy.has(sequence),
    lengthTokens: slot.tokens.length,
    matchTokens: matches.get(sequence) ?? 0,
    uniqueTokens: slot.tokens.length - treeOf(state, slot.key).sharedLength(sequence),
    reuseProbability: reuseProbability(state, slot),
  }));
}

function take(state: CacheState, placement: Placement, key: string, tokens: readonly number[]): void {
  const { copyFrom, reuseTokens, sequence } = placement;
  const { statistics } = state;
  statistics.lookups++;
  if (reuseTokens > 0) {
    statistics.hits++;
    statistics.hitTokens += reuseTokens;
    slotOf(state, copyFrom ?? sequence).hits++;
  }
  if (copyFrom !== undefined) statistics.copies++;
  const slot = slotOf(state, sequence);
  const hits = copyFrom === undefined && reuseTokens > 0 ? slot.hits : 0;
  clear(state, sequence);
  slot.key = key;
  slot.usedAtMs = state.monotonicMs();
  fill(state, sequence, tokens.slice(0, reuseTokens), hits);
}

/**
 * The prefix cache: one radix tree for each key (model, adapter, template), a slot for each sequence. Idle sequences
 * keep their cells until somebody needs the place.
 */
export function createPrefixCache(monotonicMs: () => number, options: PrefixCacheOptions): PrefixCache {
  const state: CacheState = {
    monotonicMs,
    options,
    slots: Array.from({ length: options.sequences }, emptySlot),
    trees: new Map(),
    statistics: { lookups: 0, hits: 0, hitTokens: 0, copies: 0 },
  };
  return {
    place: (key, tokens, busy) =>
      choosePlacement(candidates(state, key, tokens, busy), { ...options, promptTokens: tokens.length }),
    take: (placement, key, tokens) => take(state, placement, key, tokens),
    append(sequence, tokens) {
      const slot = slotOf(state, sequence);
      for (const token of tokens) slot.tokens.push(token);
      slot.usedAtMs = monotonicMs();
      treeOf(state, slot.key).append(sequence, tokens);
    },
    truncate(sequence, length) {
      const { hits, tokens } = slotOf(state, sequence);
      if (length >= tokens.length) return;
      clear(state, sequence);
      fill(state, sequence, tokens.slice(0, length), hits);
    },
    clear: (sequence) => clear(state, sequence),
    tokens: (sequence) => slotOf(state, sequence).tokens,
    statistics: () => state.statistics,
  };
}
