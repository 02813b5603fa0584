// SPDX-License-Identifier: AGPL-3.0-only
const SENTENCE = /[^.!?。！？\n]*(?:[.!?](?!\s|$)[^.!?。！？\n]*)*[.!?。！？\n]*\s*/gu;

/** The units two texts are compared by: Latin words of three letters or more, and single Han characters. */
function units(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/\p{Script=Han}|[\p{Script=Latin}\p{N}]{3,}/gu) ?? []);
}

/**
 * The run of whole sentences, at most `maxCharacters` long, that shares most with the question.
 * A text that is short enough comes back whole (spaces and line ends folded). Never empty for a
 * text that is not: a single sentence that is too long is cut.
 */
export function chooseReadingWindow(text: string, question: string, maxCharacters: number): string {
  const folded = text.replace(/\s+/gu, " ").trim();
  if (folded.length <= maxCharacters) return folded;
  const sentences = (folded.match(SENTENCE) ?? [folded]).filter((sentence) => sentence !== "");
  const asked = units(question);
  const shares = sentences.map((sentence) => [...units(sentence)].filter((unit) => asked.has(unit)).length);
  let best = { start: 0, end: 1, score: -1 };
  for (let start = 0; start < sentences.length; start++) {
    let length = 0;
    let score = 0;
    for (let end = start; end < Math.min(start + 3, sentences.length); end++) {
      length += sentences[end]?.length ?? 0;
      if (length > maxCharacters && end > start) break;
      // A little is taken off for each sentence, so that a sentence that adds nothing is left out.
      score += (shares[end] ?? 0) - 0.1;
      if (score > best.score) best = { start, end: end + 1, score };
    }
  }
  return sentences.slice(best.start, best.end).join("").trim().slice(0, maxCharacters);
}
