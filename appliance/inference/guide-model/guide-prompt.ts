// SPDX-License-Identifier: AGPL-3.0-only
/**
 * The one place that says what the guide model is shown. The trainer reads the same
 * `guide-prompt.json`, and `guide-model.test.ts` compares both renderings on fixed vectors.
 *
 * What must stay true: the system text up to the first passage is byte-stable, headings and the
 * question pass through {@link normaliseForMatching} (so that the same word is the same token on
 * both sides), and the passage text is left as it is, because the model copies it.
 */
import strings from "./guide-prompt.json" with { type: "json" };
import { chooseReadingWindow } from "./reading-window.ts";

/** A passage as the retriever ranks it, best first. */
export type GuidePassage = { readonly heading: string; readonly text: string };
/** One ChatML message. */
export type GuideMessage = { readonly role: "system" | "user"; readonly content: string };

/** The exact sentences that the model says when the passages do not hold the answer. */
export const GUIDE_UNKNOWN: { readonly en: string; readonly zh: string } = strings.unknown;
/** How many passages are shown at most; more are left out, the last first. */
export const GUIDE_MAX_PASSAGES: number = strings.markers.length;

const HAN = "\\p{Script=Han}";
const LATIN = "[\\p{Script=Latin}\\p{N}/_-]";
const HAN_THEN_LATIN = new RegExp(`(${HAN})(${LATIN})`, "gu");
const LATIN_THEN_HAN = new RegExp(`(${LATIN})(${HAN})`, "gu");
const PUNCTUATION = /["`()[\]{}<>,;:!?…。，、；：！？（）《》「」“”|*#]/gu;
const MARKERS = new RegExp(`[${strings.markers.join("")}]`, "gu");

/** Lower case, no punctuation between words, Han and Latin apart, single spaces. */
export function normaliseForMatching(text: string): string {
  return text
    .toLowerCase()
    .replace(MARKERS, " ")
    .replace(PUNCTUATION, " ")
    .replace(/\.(?=\s|$)/gu, " ")
    .replace(HAN_THEN_LATIN, "$1 $2")
    .replace(LATIN_THEN_HAN, "$1 $2")
    .replace(/\s+/gu, " ")
    .trim();
}

/** The unknown sentence in the language of the question: Chinese if it holds a Han character. */
export function guideUnknownFor(question: string): string {
  return /\p{Script=Han}/u.test(question) ? GUIDE_UNKNOWN.zh : GUIDE_UNKNOWN.en;
}

/**
 * The ChatML messages for one question. `passages` are ranked best first; only the first
 * {@link GUIDE_MAX_PASSAGES} are used, and of a long one only the sentences nearest the question.
 * With no passage at all, answer {@link guideUnknownFor} without asking the model.
 */
export function renderGuidePrompt(passages: readonly GuidePassage[], question: string): GuideMessage[] {
  const normalisedQuestion = normaliseForMatching(question);
  let content = strings.system;
  for (const [index, marker] of strings.markers.entries()) {
    const passage = passages[index];
    if (passage === undefined) break;
    const text = chooseReadingWindow(passage.text, normalisedQuestion, strings.maxPassageCharacters);
    content += `\n${marker} ${normaliseForMatching(passage.heading)}\n${text.replace(MARKERS, " ")}`;
  }
  return [
    { role: "system", content },
    { role: "user", content: strings.questionPrefix + normalisedQuestion },
  ];
}
