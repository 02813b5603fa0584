// SPDX-License-Identifier: AGPL-3.0-only

import type { TextPiece } from "../split-markdown.ts";
import { splitParagraphs } from "../split-paragraphs.ts";

const questionLine = /^\s*(?:Q|Question|问|问题)\s*\d{0,4}\s*[:：.]\s*(.+)$/iu;
const answerMark = /^\s*(?:A|Answer|答|回答)\s*\d{0,4}\s*[:：.]\s*/iu;
const longestQuestion = 160;

/**
 * Plain text as pieces. A line `Q: …` (or 问：…), and a short line that ends in a question mark at the beginning of a
 * paragraph, is the heading of what follows; everything else is split at paragraphs.
 */
export function splitPlainText(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let heading = "";
  let lines: string[] = [];
  let isParagraphStart = true;
  const flush = (): void => {
    for (const part of splitParagraphs(lines.join("\n"))) pieces.push({ heading, text: part });
    lines = [];
  };
  for (const line of text.split(/\r\n|\r|\n/u)) {
    const question = questionOf(line, isParagraphStart);
    isParagraphStart = line.trim() === "";
    if (question === undefined) {
      lines.push(line.replace(answerMark, ""));
      continue;
    }
    flush();
    heading = question;
  }
  flush();
  return pieces;
}

function questionOf(line: string, isParagraphStart: boolean): string | undefined {
  if (line.length > longestQuestion) return undefined;
  const marked = questionLine.exec(line)?.[1]?.trim();
  if (marked !== undefined) return marked;
  const trimmed = line.trim();
  return isParagraphStart && /[?？]$/u.test(trimmed) ? trimmed : undefined;
}
