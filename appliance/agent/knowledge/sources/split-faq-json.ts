// SPDX-License-Identifier: AGPL-3.0-only
import { z } from "zod";
import type { TextPiece } from "../split-markdown.ts";
import { knowledgeError } from "./knowledge-error.ts";

const textSchema = z.string().max(100_000);
const entrySchema = z.union([
  z.object({ question: textSchema, answer: textSchema }).transform(({ question, answer }) => piece(question, answer)),
  z.object({ heading: textSchema, text: textSchema }).transform(({ heading, text }) => piece(heading, text)),
  z.object({ title: textSchema, text: textSchema }).transform(({ title, text }) => piece(title, text)),
  z.object({ title: textSchema, content: textSchema }).transform(({ title, content }) => piece(title, content)),
  z.object({ q: textSchema, a: textSchema }).transform(({ q, a }) => piece(q, a)),
]);
const entriesSchema = z.array(entrySchema).max(20_000);
const faqSchema = z.union([
  entriesSchema,
  z.object({ entries: entriesSchema }).transform(({ entries }) => entries),
  z.object({ faq: entriesSchema }).transform(({ faq }) => faq),
  z.object({ items: entriesSchema }).transform(({ items }) => items),
  z.object({ questions: entriesSchema }).transform(({ questions }) => questions),
  z
    .record(textSchema, textSchema)
    .transform((map) => Object.entries(map).map(([question, answer]) => piece(question, answer))),
]);

/**
 * A JSON list of questions and answers as pieces.
 * @throws HearthError `knowledge-malformed` for anything else; the text is not repeated in it.
 */
export function splitFaqJson(text: string): TextPiece[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("it is not valid JSON");
  }
  const parsed = faqSchema.safeParse(value);
  if (!parsed.success) throw malformed("it is not a list of questions and answers");
  return parsed.data;
}

function piece(heading: string, text: string): TextPiece {
  return { heading, text };
}

function malformed(finding: string): Error {
  return knowledgeError(
    "knowledge-malformed",
    `the JSON file cannot be used: ${finding}`,
    'Use a list such as [{"question": "…", "answer": "…"}], or an object of questions and answers.',
  );
}
