// SPDX-License-Identifier: AGPL-3.0-only

/** Ranges are inclusive. Sources: Unicode 17 DerivedCoreProperties (Default_Ignorable), UTS #39, UAX #9. */
type Range = readonly [first: number, last: number];

/** Direction overrides, embeddings and isolates: they show a reader another order than the model reads (CVE-2021-42574). */
const bidiControls: readonly Range[] = [
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];

/** Direction marks: wanted in Arabic and Hebrew, invisible ballast elsewhere. */
const directionMarks: readonly Range[] = [
  [0x061c, 0x061c],
  [0x200e, 0x200f],
];

/** Nothing of these shows, so that a reader and the model would see different texts. */
const invisibles: readonly Range[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200b],
  [0x2060, 0x2065],
  [0x206a, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

/** Scripts whose spelling uses the zero-width joiner and non-joiner. */
const joiningScript =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u;
const rightToLeftScript = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const pictographic = /^\p{Extended_Pictographic}$/u;
const emojiBase = /^\p{Emoji}$/u;
const ideograph = /^\p{Ideographic}$/u;
const mark = /^\p{M}$/u;

function isIn(ranges: readonly Range[], codePoint: number): boolean {
  return ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

/** Which kind of unwanted character a code point is; undefined for the ones that stay. */
export type Unwanted = "bidi" | "control" | "direction-mark" | "invisible" | "joiner";

/** Judges one code point by itself; whether a joiner, selector or mark may stay is for its neighbours to say. */
export function unwantedKind(codePoint: number): Unwanted | undefined {
  if (codePoint === 0x0a || codePoint === 0x09) return undefined;
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint <= 0x9f) || codePoint === 0x2028 || codePoint === 0x2029) {
    return "control";
  }
  if (codePoint < 0xad) return undefined;
  if (codePoint === 0x200c || codePoint === 0x200d) return "joiner";
  if (isIn(bidiControls, codePoint)) return "bidi";
  if (isIn(directionMarks, codePoint)) return "direction-mark";
  if (isIn(invisibles, codePoint)) return "invisible";
  const isNonCharacter = (codePoint >= 0xfdd0 && codePoint <= 0xfdef) || (codePoint & 0xfffe) === 0xfffe;
  return isNonCharacter ? "control" : undefined;
}

export function hasRightToLeftLetters(text: string): boolean {
  return rightToLeftScript.test(text);
}

export function isJoiningLetter(character: string): boolean {
  return joiningScript.test(character);
}

export function isPictographic(character: string): boolean {
  return pictographic.test(character);
}

/** Whether a variation selector after this character means something: an emoji or text form, or a variant of a Han sign. */
export function takesSelector(character: string, selector: number): boolean {
  if (selector === 0xfe0e || selector === 0xfe0f) return emojiBase.test(character);
  return selector >= 0xe0100 && selector <= 0xe01ef && ideograph.test(character);
}

export function isMark(character: string): boolean {
  return mark.test(character);
}
