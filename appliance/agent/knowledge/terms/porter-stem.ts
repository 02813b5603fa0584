// SPDX-License-Identifier: AGPL-3.0-only

const CONSONANT = "[^aeiou]";
const VOWEL = "[aeiouy]";
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;
const measureAbove0 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const measureIs1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`);
const measureAbove1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const hasVowel = new RegExp(`^(${CONSONANTS})?${VOWEL}`);
const endsShort = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);

const step2: readonly (readonly [string, string])[] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];
const step3: readonly (readonly [string, string])[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const step4 = "al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize".split(" ");

function replaceEnding(word: string, endings: readonly (readonly [string, string])[]): string {
  for (const [ending, replacement] of endings) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, word.length - ending.length);
    return measureAbove0.test(stem) ? stem + replacement : word;
  }
  return word;
}

function removePlural(word: string): string {
  if (/(ss|i)es$/.test(word)) return word.slice(0, -2);
  if (/[^s]s$/.test(word)) return word.slice(0, -1);
  return word;
}

function removePast(word: string): string {
  if (word.endsWith("eed")) return measureAbove0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const match = /^(.+?)(ed|ing)$/.exec(word);
  const stem = match?.[1];
  if (stem === undefined || !hasVowel.test(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/([^aeiouylsz])\1$/.test(stem)) return stem.slice(0, -1);
  return endsShort.test(stem) ? `${stem}e` : stem;
}

function removeLongEnding(word: string): string {
  const ion = /^(.+[st])ion$/.exec(word)?.[1];
  const longest = step4.filter((ending) => word.endsWith(ending)).sort((a, b) => b.length - a.length)[0];
  if (longest !== undefined) {
    const stem = word.slice(0, word.length - longest.length);
    return measureAbove1.test(stem) ? stem : word;
  }
  return ion !== undefined && measureAbove1.test(ion) ? ion : word;
}

function tidyEnd(word: string): string {
  let result = word;
  if (result.endsWith("e")) {
    const stem = result.slice(0, -1);
    if (measureAbove1.test(stem) || (measureIs1.test(stem) && !endsShort.test(stem))) result = stem;
  }
  return result.endsWith("ll") && measureAbove1.test(result) ? result.slice(0, -1) : result;
}

/**
 * The stem of a lower-case English word: "installing", "installed" and "installs" are all "instal".
 * Source: M. F. Porter, "An algorithm for suffix stripping", 1980, with its author's later corrections.
 */
export function porterStem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  // A leading y is a consonant; upper case keeps the vowel patterns off it.
  const marked = word.startsWith("y") ? `Y${word.slice(1)}` : word;
  let stem = removePast(removePlural(marked));
  if (stem.endsWith("y") && hasVowel.test(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = removeLongEnding(replaceEnding(replaceEnding(stem, step2), step3));
  return tidyEnd(stem).toLowerCase();
}
