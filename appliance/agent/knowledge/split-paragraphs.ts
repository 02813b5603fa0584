// SPDX-License-Identifier: AGPL-3.0-only

/** About 120 tokens: a Latin letter is about a quarter of a token, a Han character one. */
const maxPassageTokens = 120;
const hardLimitCharacters = 600;

/** A rough count of tokens that needs no model: Han characters, and a quarter for every other character. */
export function roughTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han + (text.length - han) / 4;
}

/** Splits a text into pieces of whole paragraphs, or whole sentences where a paragraph is too long. */
export function splitParagraphs(text: string): string[] {
  const pieces: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/u)) {
    const folded = paragraph.replace(/\s+/gu, " ").trim();
    if (folded === "") continue;
    const previous = pieces.at(-1);
    if (previous !== undefined && roughTokens(`${previous} ${folded}`) <= maxPassageTokens) {
      pieces[pieces.length - 1] = `${previous} ${folded}`;
    } else pieces.push(...splitSentences(folded));
  }
  return pieces;
}

function splitSentences(paragraph: string): string[] {
  if (roughTokens(paragraph) <= maxPassageTokens) return [paragraph];
  const sentences = paragraph.match(/[^.!?。！？]+(?:[.!?。！？]+(?:\s|$)?|$)|[.!?。！？]+/gu) ?? [paragraph];
  const pieces: string[] = [];
  for (const sentence of sentences.flatMap(cutLong)) {
    const previous = pieces.at(-1);
    if (previous !== undefined && roughTokens(previous + sentence) <= maxPassageTokens) {
      pieces[pieces.length - 1] = previous + sentence;
    } else pieces.push(sentence);
  }
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}

/** A sentence without an end (a table, a list of names) is cut at a space or after a fixed length. */
function cutLong(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (roughTokens(rest) > maxPassageTokens) {
    let end = Math.min(rest.length, hardLimitCharacters);
    while (end > 1 && roughTokens(rest.slice(0, end)) > maxPassageTokens) end = Math.floor(end * 0.8);
    const space = rest.lastIndexOf(" ", end);
    const cut = space > end / 2 ? space + 1 : end;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...pieces, rest];
}
