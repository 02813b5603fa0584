// SPDX-License-Identifier: AGPL-3.0-only
import { GUIDE_UNKNOWN, type GuidePassage } from "../guide-prompt.ts";

/** `right`: the whole text or a run of it that begins at a sentence; the others say what happened instead. */
export type Grade = "right" | "wrong-passage" | "unknown" | "garbled";

const UNKNOWN = new Set(Object.values(GUIDE_UNKNOWN));

/** Whether the answer is one or more whole sentences of the text, word for word. */
export function isReadFrom(answer: string, text: string): boolean {
  if (answer === "" || !text.includes(answer)) return false;
  const before = text.slice(0, text.indexOf(answer));
  const after = text.slice(text.indexOf(answer) + answer.length);
  return (before === "" || /[.!?。！？]\s*$/u.test(before)) && (after === "" || /[.!?。！？]$/u.test(answer));
}

/** Grades one answer against the passages that would have been right and all that exist. */
export function grade(answer: string, expected: readonly GuidePassage[], all: readonly GuidePassage[]): Grade {
  if (UNKNOWN.has(answer)) return "unknown";
  if (expected.some((passage) => isReadFrom(answer, passage.text))) return "right";
  return all.some((passage) => isReadFrom(answer, passage.text)) ? "wrong-passage" : "garbled";
}
