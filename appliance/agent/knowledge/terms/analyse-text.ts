// SPDX-License-Identifier: AGPL-3.0-only
import { hanUnits } from "./han-units.ts";
import type { Lexicon } from "./lexicon.ts";
import type { TextUnit } from "./text-unit.ts";
import { wordUnits } from "./word-units.ts";

const piece = /\p{Script=Han}+|\/?(?:(?!\p{Script=Han})[\p{L}\p{N}])+(?:[._'’-](?:(?!\p{Script=Han})[\p{L}\p{N}])+)*/gu;
const han = /^\p{Script=Han}/u;

/**
 * Takes a text apart into units, the same way for questions and for passages, so that the two meet.
 * Full-width forms and letter case are folded (NFKC). Units of weight 0 are left out.
 */
export function analyseText(text: string, lexicon: Lexicon): TextUnit[] {
  const units: TextUnit[] = [];
  let words: string[] = [];
  for (const match of text.normalize("NFKC").toLowerCase().matchAll(piece)) {
    if (!han.test(match[0])) {
      words.push(match[0]);
      continue;
    }
    units.push(...wordUnits(words, lexicon), ...hanUnits(match[0], lexicon));
    words = [];
  }
  units.push(...wordUnits(words, lexicon));
  return units.filter((unit) => unit.weight > 0);
}
