// SPDX-License-Identifier: AGPL-3.0-only
import type { PassageIndex } from "../../../agent/knowledge/index.ts";
import { GUIDE_MAX_PASSAGES, type GuidePassage, guideUnknownFor, renderGuidePrompt } from "../guide-prompt.ts";
import { type Grade, grade } from "./grade.ts";
import type { GuideRunner } from "./guide-runner.ts";

/** A question; `expected` names the headings of the passages that answer it, and is missing when none does. */
export type Question = { readonly question: string; readonly expected?: readonly string[] };
/** What came of one question. */
export type Outcome = {
  readonly question: string;
  readonly answer: string;
  readonly grade: Grade;
  /** Where the right passage stood among those shown: 0 first, -1 not shown. */
  readonly shownAt: number;
  readonly modelWasAsked: boolean;
};
/** What is asked of which index. */
export type SuitePlan = {
  readonly name: string;
  readonly index: PassageIndex;
  readonly passages: readonly GuidePassage[];
  readonly questions: readonly Question[];
};
/** The outcomes of a suite; `rate` is the share of answers wanted. */
export type Suite = { readonly name: string; readonly rate: number; readonly retrieved: number; readonly outcomes: readonly Outcome[] };

/** Asks every question as the product does: when retrieval is not confident the answer is "I don't know", and the model is not asked. */
export async function runSuite(runner: GuideRunner, plan: SuitePlan): Promise<Suite> {
  const { name, index, passages, questions } = plan;
  const outcomes: Outcome[] = [];
  for (const { question, expected = [] } of questions) {
    const { passages: shown, isConfident: modelWasAsked } = index.search(question, { limit: GUIDE_MAX_PASSAGES });
    const answer = modelWasAsked ? await runner.answer(renderGuidePrompt(shown, question)) : guideUnknownFor(question);
    const right = passages.filter(({ heading }) => expected.includes(heading));
    const shownAt = shown.findIndex(({ heading }) => expected.includes(heading));
    outcomes.push({ question, answer, grade: grade(answer, right, passages), shownAt, modelWasAsked });
  }
  const wanted: Grade = isOffSubject(questions) ? "unknown" : "right";
  const share = (test: (outcome: Outcome) => boolean) => outcomes.filter(test).length / outcomes.length;
  return { name, rate: share((outcome) => outcome.grade === wanted), retrieved: share(({ shownAt }) => shownAt >= 0), outcomes };
}

function isOffSubject(questions: readonly Question[]): boolean {
  return questions.every(({ expected }) => expected === undefined);
}
