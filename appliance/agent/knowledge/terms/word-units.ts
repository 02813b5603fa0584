// SPDX-License-Identifier: AGPL-3.0-only
import type { Lexicon } from "./lexicon.ts";
import { porterStem } from "./porter-stem.ts";
import type { TextUnit } from "./text-unit.ts";

const conceptCredit = 0.8;
const partCredit = 0.5;
const numberWeight = 0.6;

/** Units of a run of words that are not Han. Phrases of the lexicon ("how much", "set up") become one unit. */
export function wordUnits(words: readonly string[], lexicon: Lexicon): TextUnit[] {
  const stems = words.map((word) => porterStem(plain(word)));
  const units: TextUnit[] = [];
  for (let position = 0; position < words.length; ) {
    const length = phraseLength(stems, position, lexicon);
    if (length > 1) {
      const phrase = stems.slice(position, position + length);
      const concepts = lexicon.conceptsOf(phrase.join(" ")).map((term) => ({ term, credit: conceptCredit }));
      const content = words
        .slice(position, position + length)
        .map((word, index) => ({ word, term: phrase[index] ?? "" }))
        .filter(({ word }) => lexicon.weightOf(plain(word)) === 1)
        .map(({ term }) => ({ term, credit: partCredit }));
      const weight = lexicon.weightOf(phrase.join(" "));
      units.push({ weight, terms: [{ term: phrase.join(""), credit: 1 }, ...concepts, ...content] });
    } else units.push(wordUnit(words[position] ?? "", stems[position] ?? "", lexicon));
    position += Math.max(1, length);
  }
  return units;
}

function phraseLength(stems: readonly string[], position: number, lexicon: Lexicon): number {
  for (let length = Math.min(lexicon.maxPhraseWords, stems.length - position); length > 1; length--) {
    if (lexicon.conceptsOf(stems.slice(position, position + length).join(" ")).length > 0) return length;
  }
  return 1;
}

function wordUnit(word: string, stem: string, lexicon: Lexicon): TextUnit {
  const parts = word.split(/[._/-]+/u).filter((part) => part !== "");
  const concepts = lexicon.conceptsOf(stem).map((term) => ({ term, credit: conceptCredit }));
  if (word.startsWith("/") && parts.length === 1) {
    return {
      weight: 1,
      terms: [{ term: `slash${plain(word)}`, credit: 1 }, { term: stem, credit: partCredit }, ...concepts],
    };
  }
  if (parts.length > 1) {
    const terms = parts.map((part) => ({ term: porterStem(plain(part)), credit: partCredit }));
    return { weight: 1, terms: [{ term: stem, credit: 1 }, ...concepts, ...terms] };
  }
  const weight = /^\p{N}+$/u.test(word) ? numberWeight : lexicon.weightOf(plain(word));
  return { weight, terms: [{ term: stem, credit: 1 }, ...concepts], spelling: stem };
}

/** The word without apostrophes and joints: "don't" is "dont", "e-mail" is "email". */
function plain(word: string): string {
  return word.replace(/['’]s$/u, "").replace(/['’._/-]/gu, "");
}
