// SPDX-License-Identifier: AGPL-3.0-only
import type { RankedPassage } from "../knowledge/index.ts";

const fenceMark = /<<<(\s*)(?=outside|box)|(?<=outside|box)(\s*)>>>/giu;
/** A space goes between the two characters of a template's mark. */
const templateMark = /<(?=\|)|\|(?=>)/gu;

/**
 * Takes the power of our own fences away from a text: somebody who writes `<<<box` gets `‹‹‹box`, and the marks of chat
 * templates fall apart. Everything else stays as it was.
 */
export function withoutFences(text: string): string {
  return text
    .replace(templateMark, (mark) => `${mark} `)
    .replace(fenceMark, (mark) => (mark.startsWith("<") ? "‹‹‹" : "›››"));
}

/** A passage as text from outside, with where it comes from. */
export function outsideText(passage: RankedPassage, number: number): string {
  const source = oneLine(`${passage.title}${passage.heading === "" ? "" : `: ${passage.heading}`}`);
  return `<<<outside ${number} | source: ${source}\n${withoutFences(passage.text)}\noutside>>>`;
}

/** What the box itself says; only constants and values of our own may come here. */
export function boxText(lines: readonly string[]): string {
  return `<<<box\n${lines.join("\n")}\nbox>>>`;
}

function oneLine(text: string): string {
  return withoutFences(text).replace(/\s+/gu, " ").slice(0, 160);
}
