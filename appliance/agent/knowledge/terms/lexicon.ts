// SPDX-License-Identifier: AGPL-3.0-only
import synonyms from "../lexicon/synonyms.json" with { type: "json" };
import wordWeights from "../lexicon/word-weights.json" with { type: "json" };
import { porterStem } from "./porter-stem.ts";

/** What is known about words before any passage is read: which say little, and which say the same. */
export interface Lexicon {
  /** 0 for a function word, less than 1 for a word that says little, else 1. Takes a lower-case word or a Han string. */
  weightOf(word: string): number;
  /** Concept terms of a word or a space-separated run of stems; empty when it has no synonyms. */
  conceptsOf(stems: string): readonly string[];
  /** Longest phrase with synonyms, in stems. */
  readonly maxPhraseWords: number;
  /** Whether a Han string of two or more characters is a word of the lexicon. */
  isHanWord(text: string): boolean;
  readonly maxHanWordLength: number;
}

const weakWeight = 0.35;
const han = /\p{Script=Han}/u;

/** Builds the lexicon out of the two data files beside this module; a few milliseconds. */
export function createLexicon(): Lexicon {
  const weights = new Map<string, number>();
  for (const word of [...wordWeights.weak.en.split(" "), ...wordWeights.weak.zh]) weights.set(word, weakWeight);
  for (const word of [...wordWeights.stop.en.split(" "), ...wordWeights.stop.zh]) weights.set(word, 0);
  const concepts = new Map<string, string[]>();
  let maxPhraseWords = 1;
  for (const [group, words] of [...synonyms.groups, ...synonyms.weakGroups].entries()) {
    const isWeak = group >= synonyms.groups.length;
    for (const word of words) {
      const key = han.test(word) ? word.replaceAll(" ", "") : stemsOf(word);
      if (!han.test(word)) maxPhraseWords = Math.max(maxPhraseWords, key.split(" ").length);
      if (isWeak) weights.set(key, weakWeight);
      const known = concepts.get(key) ?? [];
      if (!known.includes(`qq${group}`)) concepts.set(key, [...known, `qq${group}`]);
    }
  }
  const hanWords = new Set([...weights.keys(), ...concepts.keys()].filter((word) => han.test(word) && word.length > 1));
  return {
    weightOf: (word) => weights.get(word) ?? 1,
    conceptsOf: (stems) => concepts.get(stems) ?? [],
    maxPhraseWords,
    isHanWord: (text) => hanWords.has(text),
    maxHanWordLength: Math.max(...[...hanWords].map((word) => word.length)),
  };
}

function stemsOf(phrase: string): string {
  return phrase.replaceAll("-", "").split(" ").map(porterStem).join(" ");
}
