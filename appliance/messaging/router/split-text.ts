// SPDX-License-Identifier: AGPL-3.0-only

// Where a text is cut, best first: between paragraphs, lines, sentences (Latin and CJK), words.
const borders: readonly RegExp[] = [/\n\s*\n/g, /\n/g, /[.!?…]["')\]]?\s+|[。！？；]/g, /\s+/g];

/** The end of the last border inside `text` that leaves a part of at least a third of it; otherwise 0. */
function lastBorder(text: string, border: RegExp): number {
  let end = 0;
  for (const match of text.matchAll(border)) end = match.index + match[0].length;
  return end >= text.length / 3 ? end : 0;
}

/** Moves a cut off the middle of a surrogate pair. */
function wholeCodePoint(text: string, end: number): number {
  const before = text.charCodeAt(end - 1);
  return end > 1 && before >= 0xd800 && before <= 0xdbff ? end - 1 : end;
}

/**
 * Splits a long reply into parts of at most `maximumLength` UTF-16 units, on the border of a paragraph, line, sentence
 * or word where there is one. White space at the borders goes; nothing else does. A text without content is no part.
 */
export function splitText(text: string, maximumLength: number): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > maximumLength) {
    const window = rest.slice(0, maximumLength);
    let end = 0;
    for (const border of borders) {
      end = lastBorder(window, border);
      if (end > 0) break;
    }
    if (end === 0) end = wholeCodePoint(rest, maximumLength);
    const part = rest.slice(0, end).trimEnd();
    if (part !== "") parts.push(part);
    rest = rest.slice(end).trimStart();
  }
  if (rest !== "") parts.push(rest);
  return parts;
}
