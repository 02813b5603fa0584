// SPDX-License-Identifier: AGPL-3.0-only
import { splitParagraphs } from "./split-paragraphs.ts";

/** A heading and a text under it that is short enough to be a passage. */
export interface TextPiece {
  readonly heading: string;
  readonly text: string;
}

/** Longest heading that is kept; what is longer is cut. */
const maxHeadingLength = 200;

/**
 * Splits Markdown at its headings (`#` and underlined ones), and long sections at paragraphs and sentences. Code
 * fences hide headings. Marks of emphasis, links and lists are taken off, so that a small model copies plain text.
 */
export function splitMarkdown(markdown: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let heading = "";
  let lines: string[] = [];
  let isInFence = false;
  const flush = (): void => {
    for (const text of splitParagraphs(lines.join("\n"))) pieces.push({ heading, text });
    lines = [];
  };
  const allLines = withoutFrontMatter(markdown).split(/\r\n|\r|\n/u);
  for (const [index, line] of allLines.entries()) {
    if (/^\s{0,3}(```|~~~)/u.test(line)) {
      isInFence = !isInFence;
      continue;
    }
    const found = isInFence ? undefined : headingOf(line, allLines[index + 1]);
    if (found !== undefined) {
      flush();
      heading = plainText(found).slice(0, maxHeadingLength);
    } else if (isInFence || !/^\s{0,3}(=+|-{3,})\s*$/u.test(line)) lines.push(isInFence ? line : plainText(line));
  }
  flush();
  return pieces;
}

function headingOf(line: string, next: string | undefined): string | undefined {
  const marked = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/u.exec(line)?.[1];
  if (marked !== undefined) return marked;
  const isUnderlined = line.trim() !== "" && next !== undefined && /^\s{0,3}(={3,}|-{3,})\s*$/u.test(next);
  return isUnderlined ? line.trim() : undefined;
}

function withoutFrontMatter(markdown: string): string {
  return markdown.replace(/^\uFEFF?---\r?\n[\s\S]{0,4096}?\r?\n---\r?\n/u, "");
}

function plainText(line: string): string {
  return line
    .replace(/!?\[([^\]]{0,500})\]\([^)]{0,1000}\)/gu, "$1")
    .replace(/(\*\*|__)(.{1,500}?)\1/gu, "$2")
    .replace(/^\s{0,12}(?:[-*+]|\d{1,4}[.)])\s+/u, "")
    .replace(/^\s{0,3}>\s?/u, "");
}
