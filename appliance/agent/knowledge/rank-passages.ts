// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "./detect-language.ts";
import type { Passage, RankedPassage } from "./passage.ts";
import type { TextUnit } from "./terms/text-unit.ts";

/** What ranking needs to know of the whole collection. */
export interface IndexStatistics {
  readonly passageCount: number;
  /** In how many passages a term occurs. */
  documentFrequency(term: string): number;
}

/** Names what the ranking of one question depends on. */
export interface RankingContext {
  readonly language: Language;
  readonly statistics: IndexStatistics;
  /** What a passage says; the caller keeps it for the passages that are asked for often. */
  termsOf(passage: Passage): PassageTerms;
}

/** A passage taken apart for ranking. */
export interface PassageTerms {
  readonly headingUnits: readonly TextUnit[];
  readonly heading: ReadonlyMap<string, number>;
  readonly body: ReadonlyMap<string, number>;
}

/** Takes a passage apart; `units` is `analyseText` with a lexicon. */
export function passageTerms(passage: Passage, units: (text: string) => readonly TextUnit[]): PassageTerms {
  const headingUnits = units(passage.heading);
  return { headingUnits, heading: bestCredits(headingUnits), body: bestCredits(units(passage.text)) };
}

const bodyCredit = 0.6;
const bothCredit = 0.06;
const headingShare = 0.4;
/** From here on a term says what the unit says; below, only a part of it. */
const goodCredit = 0.75;

/**
 * Scores passages by how much of the question they speak of. Each unit of the question is worth its weight times the
 * inverse document frequency of its commonest reading (BM25's idf; a word that no passage has counts as the rarest),
 * and is found in the heading (all of it) or the text (most of it). The sum over the possible sum is in 0…1, so that
 * scores of different questions compare: that is what makes a threshold possible. How much of the heading the
 * question covers decides between passages that hold all its words. The handbook exists in both languages, so its
 * passages in the other one are left out.
 */
export function rankPassages(
  asked: readonly TextUnit[],
  candidates: readonly Passage[],
  context: RankingContext,
): RankedPassage[] {
  const { statistics } = context;
  const weights = asked.map((unit) => unit.weight * importance(unit, statistics));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const askedTerms = bestCredits(asked);
  const readable = candidates.filter(
    (passage) => passage.source !== "handbook" || passage.language === context.language,
  );
  const ranked = readable.map((passage) => {
    const { headingUnits, heading, body } = context.termsOf(passage);
    let found = 0;
    for (const [index, unit] of asked.entries()) found += (weights[index] ?? 0) * matchOf(unit, heading, body);
    const covered = headingCoverage(headingUnits, askedTerms, statistics);
    return { ...passage, score: Math.min(1, (found / total) * (1 - headingShare + headingShare * covered)) };
  });
  return ranked.sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
}

function bestCredits(units: readonly TextUnit[]): Map<string, number> {
  const credits = new Map<string, number>();
  for (const unit of units) {
    for (const { term, credit } of unit.terms) credits.set(term, Math.max(credits.get(term) ?? 0, credit));
  }
  return credits;
}

function matchOf(unit: TextUnit, heading: ReadonlyMap<string, number>, body: ReadonlyMap<string, number>): number {
  let best = 0;
  for (const { term, credit } of unit.terms) {
    if (heading.has(term)) best = Math.max(best, credit + (body.has(term) ? bothCredit : 0));
    else if (body.has(term)) best = Math.max(best, credit * bodyCredit);
  }
  return best;
}

function headingCoverage(
  heading: readonly TextUnit[],
  askedTerms: ReadonlyMap<string, number>,
  statistics: IndexStatistics,
): number {
  let total = 0;
  let covered = 0;
  for (const unit of heading) {
    const weight = unit.weight * importance(unit, statistics);
    total += weight;
    let best = 0;
    for (const { term, credit } of unit.terms) {
      best = Math.max(best, Math.min(credit, askedTerms.get(term) ?? 0));
    }
    covered += weight * best;
  }
  return total === 0 ? 0 : covered / total;
}

/** Inverse document frequency of a unit: by its commonest good reading, else by its commonest poor one. */
function importance(unit: TextUnit, statistics: IndexStatistics): number {
  let good = 0;
  let poor = 0;
  for (const { term, credit } of unit.terms) {
    const frequency = statistics.documentFrequency(term);
    if (credit >= goodCredit) good = Math.max(good, frequency);
    else poor = Math.max(poor, frequency);
  }
  const frequency = good > 0 ? good : poor;
  return Math.log(1 + (statistics.passageCount - frequency + 0.5) / (frequency + 0.5));
}
