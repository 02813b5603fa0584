// SPDX-License-Identifier: AGPL-3.0-only
import type { Lexicon } from "./lexicon.ts";
import type { TextUnit } from "./text-unit.ts";

const conceptCredit = 0.85;
const singleConceptCredit = 0.6;
const singleCharacterCredit = 0.35;
/** A character is about half a word. */
const characterWeight = 0.5;
const stopCharacterFactor = 0.1;

/**
 * Units of a run of Han characters. Words of the lexicon are cut out, longest first from the left; what is left is
 * looked up by overlapping pairs of characters, so that no word list is needed for words nobody foresaw.
 */
export function hanUnits(run: string, lexicon: Lexicon): TextUnit[] {
  const characters = [...run];
  const units: TextUnit[] = [];
  let rest: string[] = [];
  const flush = (): void => {
    units.push(...characterUnits(rest, lexicon));
    rest = [];
  };
  for (let position = 0; position < characters.length; ) {
    const word = longestWord(characters, position, lexicon);
    if (word === undefined) {
      rest.push(characters[position] ?? "");
      position += 1;
      continue;
    }
    flush();
    units.push(hanWordUnit(word, lexicon));
    position += [...word].length;
  }
  flush();
  return units;
}

function longestWord(characters: readonly string[], position: number, lexicon: Lexicon): string | undefined {
  for (let length = Math.min(lexicon.maxHanWordLength, characters.length - position); length > 1; length--) {
    const word = characters.slice(position, position + length).join("");
    if (lexicon.isHanWord(word)) return word;
  }
  return undefined;
}

function hanWordUnit(word: string, lexicon: Lexicon): TextUnit {
  const bigrams = pairs([...word]);
  const concepts = lexicon.conceptsOf(word).map((term) => ({ term, credit: conceptCredit }));
  // A part of a long word says a part of it: 日志 is half of 审计日志.
  const parts = bigrams.map((term) => ({ term, credit: 1 / bigrams.length }));
  const whole = bigrams.length > 1 ? [{ term: word, credit: 1 }] : [];
  return { weight: lexicon.weightOf(word), terms: [...whole, ...concepts, ...parts] };
}

function characterUnits(characters: readonly string[], lexicon: Lexicon): TextUnit[] {
  const bigrams = pairs(characters);
  return characters.map((character, index) => {
    const around = [bigrams[index - 1], bigrams[index]].filter((pair) => pair !== undefined);
    const concepts = lexicon.conceptsOf(character).map((term) => ({ term, credit: singleConceptCredit }));
    return {
      weight: characterWeight * (lexicon.weightOf(character) === 0 ? stopCharacterFactor : 1),
      terms: [
        ...around.map((term) => ({ term, credit: 1 })),
        ...concepts,
        { term: character, credit: singleCharacterCredit },
      ],
    };
  });
}

function pairs(characters: readonly string[]): string[] {
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}
