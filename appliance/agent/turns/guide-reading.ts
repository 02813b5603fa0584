// SPDX-License-Identifier: AGPL-3.0-only
import { GUIDE_UNKNOWN } from "../../inference/guide-model/index.ts";
import type { Language } from "../knowledge/index.ts";
import { createGroundedReader } from "./grounded-reader.ts";

/** What becomes of generated text before a person sees it. */
export interface ReplyReading {
  /** Takes generated text; returns what may be said of it now. */
  take(text: string): string;
  /** Whether the generation is of no more use. */
  readonly hasSlipped: boolean;
  /** What is still to be said when the generation has ended, and which of the texts the answer is out of. */
  finish(): { readonly text: string; readonly sources: readonly string[] };
}

/**
 * From this score on (see `rankPassages`) nearly every word of the question stands in the best passage; then the
 * passage is given even if the model, reading it, sees no answer. No question off the subject of the evaluation's
 * development set comes near it.
 */
const overruleScore = 0.55;

/**
 * What the guide model says, held to the texts it was shown (see {@link createGroundedReader}). `bestScore` is how well
 * the first of them fits the question.
 */
export function createGuideReading(texts: readonly string[], bestScore: number, language: Language): ReplyReading {
  const reader = createGroundedReader(texts, Object.values(GUIDE_UNKNOWN));
  const [best] = texts;
  return {
    take: (text) => reader.take(text),
    get hasSlipped() {
      return reader.hasSlipped;
    },
    finish() {
      const finished = reader.finish();
      if (finished !== undefined) return { text: finished.rest, sources: [finished.source] };
      if (best !== undefined && bestScore >= overruleScore) return { text: best, sources: [best] };
      return { text: GUIDE_UNKNOWN[language], sources: [] };
    },
  };
}

/** What a capable model says, as it says it; it may have used any of the texts. */
export function createPlainReading(texts: readonly string[]): ReplyReading {
  return { take: (text) => text, hasSlipped: false, finish: () => ({ text: "", sources: texts }) };
}
