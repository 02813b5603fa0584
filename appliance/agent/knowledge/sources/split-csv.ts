// SPDX-License-Identifier: AGPL-3.0-only
import type { TextPiece } from "../split-markdown.ts";
import { parseCsv } from "./parse-csv.ts";

const questionNames = /^(question|q|heading|title|topic|问题|提问|标题|问)$/iu;
const answerNames = /^(answer|a|text|reply|content|body|回答|答案|内容|答)$/iu;

/**
 * A table as pieces. With columns named question and answer (or title and text), or with two columns, each row is a
 * question with its answer; any other table becomes a sentence `column: value` a row under its first value.
 */
export function splitCsv(text: string): TextPiece[] {
  const rows = parseCsv(text);
  const header = rows[0];
  if (header === undefined) return [];
  const question = header.findIndex((name) => questionNames.test(name));
  const answer = header.findIndex((name) => answerNames.test(name));
  if (question >= 0 && answer >= 0) return rows.slice(1).map((row) => pieceOf(row[question], row[answer]));
  if (header.length === 2) return rows.map((row) => pieceOf(row[0], row[1]));
  return rows.slice(1).map((row) => {
    const values = row.map((value, index) => (value === "" ? "" : `${header[index] ?? index + 1}: ${value}`));
    return pieceOf(row[0], values.filter((value) => value !== "").join("; "));
  });
}

function pieceOf(heading: string | undefined, text: string | undefined): TextPiece {
  return { heading: heading ?? "", text: text ?? "" };
}
