// SPDX-License-Identifier: AGPL-3.0-only
import type { IndexStatistics } from "./rank-passages.ts";
import { editDistance } from "./terms/edit-distance.ts";
import type { TextUnit } from "./terms/text-unit.ts";

/** Finds the word that was meant when a word of the question is in no passage. */
export interface Spelling {
  /** The unit with the nearest words of the vocabulary as further terms, or as it is. */
  correct(unit: TextUnit, statistics: IndexStatistics): TextUnit;
  /** Call when the vocabulary changed. */
  reset(): void;
}

const shortestWord = 5;
const longWord = 8;
const correctedCredit = 0.7;
const maxCorrections = 3;

/**
 * Typo tolerance: a word of 5 letters may differ by one letter or a swap, one of 8 by two, the first letter stays.
 * Shorter words are left alone, since too many real words are one letter apart.
 */
export function createSpelling(vocabulary: () => readonly string[]): Spelling {
  let byLength: Map<number, string[]> | undefined;
  const words = (): Map<number, string[]> => {
    if (byLength !== undefined) return byLength;
    byLength = new Map();
    for (const word of vocabulary()) {
      if (!/^\p{Script=Latin}+$/u.test(word) || word.startsWith("qq")) continue;
      const same = byLength.get(word.length);
      if (same === undefined) byLength.set(word.length, [word]);
      else same.push(word);
    }
    return byLength;
  };
  return {
    correct(unit, statistics) {
      const word = unit.spelling;
      if (word === undefined || word.length < shortestWord) return unit;
      if (unit.terms.some(({ term }) => statistics.documentFrequency(term) > 0)) return unit;
      const limit = word.length >= longWord ? 2 : 1;
      const near: string[] = [];
      for (let length = word.length - limit; length <= word.length + limit; length++) {
        for (const other of words().get(length) ?? []) {
          if (other[0] === word[0] && editDistance(word, other, limit) <= limit) near.push(other);
        }
      }
      if (near.length === 0 || near.length > maxCorrections) return unit;
      return { ...unit, terms: [...unit.terms, ...near.map((term) => ({ term, credit: correctedCredit }))] };
    },
    reset() {
      byLength = undefined;
    },
  };
}
