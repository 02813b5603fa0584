// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { detectLanguage } from "./detect-language.ts";
import type { KnowledgeAnswer, Passage, SearchOptions } from "./passage.ts";
import { createPassageRows } from "./passage-rows.ts";
import { type IndexStatistics, type PassageTerms, passageTerms, rankPassages } from "./rank-passages.ts";
import { createSpelling } from "./spelling.ts";
import { analyseText } from "./terms/analyse-text.ts";
import { createLexicon } from "./terms/lexicon.ts";
import type { TextUnit } from "./terms/text-unit.ts";

/** A full-text index over passages, in memory only: an index on disk would be the text in the clear. */
export interface PassageIndex extends Disposable {
  /** Adds passages; ids already known are replaced. */
  add(passages: readonly Passage[]): void;
  /** Removes every passage of a source. */
  removeSource(source: string): void;
  /** Passages of the same content are found once. */
  search(question: string, options?: SearchOptions): KnowledgeAnswer;
  /** Passages, those of the same content counted each. */
  readonly size: number;
}

/** How many passages SQLite proposes for ranking. */
const candidateCount = 48;
const defaultLimit = 3;
const searchedEnds = 500;
const maxSearchedTerms = 200;
/** Passages that stay taken apart between questions; the handbook in one language and as much again. */
const keptAnalyses = 256;
/**
 * Calibrated on the development half of the guide model's evaluation set (see README): below `shownScore` a passage
 * is not worth reading, from `confidentScore` on the answer is probably in the best one.
 */
const shownScore = 0.2;
const confidentScore = 0.28;
/** Passages that are far behind the best one are left out: they only distract a small model. */
const nearShare = 0.6;

/**
 * Makes an index over `passages`. SQLite's FTS5 holds the inverted index and proposes candidates; they are ranked by
 * {@link rankPassages}, whose scores can be compared between questions.
 */
export function createPassageIndex(passages: readonly Passage[] = []): PassageIndex {
  const lexicon = createLexicon();
  const database = openIndex();
  const insert = database.prepare("INSERT INTO passages (rowid, heading, body) VALUES (?, ?, ?)");
  const remove = database.prepare("DELETE FROM passages WHERE rowid = ?");
  const documentsWith = database.prepare<{ doc: number }, [string]>("SELECT doc FROM vocabulary WHERE term = ?");
  const propose = database.prepare<{ rowid: number }, [string]>(
    `SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages, 3.0, 1.0) LIMIT ${candidateCount}`,
  );
  const spelling = createSpelling(() =>
    database
      .query<{ term: string }, []>("SELECT term FROM vocabulary")
      .all()
      .map((row) => row.term),
  );
  const rows = createPassageRows();
  const units = (text: string): TextUnit[] => analyseText(text, lexicon);
  const frequencies = new Map<string, number>();
  const analysed = new Map<string, PassageTerms>();
  const termsOf = (passage: Passage): PassageTerms => {
    const kept = analysed.get(passage.id);
    if (kept !== undefined) return kept;
    const terms = passageTerms(passage, units);
    if (analysed.size >= keptAnalyses) analysed.delete(analysed.keys().next().value ?? "");
    analysed.set(passage.id, terms);
    return terms;
  };
  const statistics: IndexStatistics = {
    get passageCount() {
      return rows.rowCount;
    },
    documentFrequency(term) {
      const cached = frequencies.get(term);
      if (cached !== undefined) return cached;
      const frequency = documentsWith.get(term)?.doc ?? 0;
      if (frequencies.size < 20_000) frequencies.set(term, frequency);
      return frequency;
    },
  };
  const changed = (): void => {
    frequencies.clear();
    spelling.reset();
  };
  const forget = (id: string): void => {
    analysed.delete(id);
    const row = rows.forget(id);
    if (row !== undefined) remove.run(row);
  };
  const index: PassageIndex = {
    get size() {
      return rows.passageCount;
    },
    add(added) {
      database.transaction(() => {
        for (const passage of added) {
          forget(passage.id);
          const row = rows.add(passage);
          if (row === undefined) continue;
          insert.run(row, indexedText(units(passage.heading)), indexedText(units(passage.text)));
        }
      })();
      changed();
    },
    removeSource(source) {
      for (const id of rows.idsOf(source)) forget(id);
      changed();
    },
    search(question, options = {}) {
      const asked = units(searchedPart(question)).map((unit) => spelling.correct(unit, statistics));
      const terms = [...new Set(asked.flatMap((unit) => unit.terms.map(({ term }) => term)))];
      const known = terms.filter((term) => statistics.documentFrequency(term) > 0);
      const match = known.slice(0, maxSearchedTerms).map((term) => `"${term}"`);
      if (match.length === 0) return { passages: [], isConfident: false };
      const candidates = propose.all(match.join(" OR ")).flatMap((row) => rows.shown(row.rowid) ?? []);
      const language = options.language ?? detectLanguage(question);
      const ranked = rankPassages(asked, candidates, { language, statistics, termsOf });
      const bestScore = ranked[0]?.score ?? 0;
      const leastScore = Math.max(shownScore, bestScore * nearShare);
      return {
        passages: ranked.filter(({ score }) => score >= leastScore).slice(0, options.limit ?? defaultLimit),
        isConfident: bestScore >= confidentScore,
      };
    },
    [Symbol.dispose]: () => database.close(),
  };
  index.add(passages);
  return index;
}

/** Of a long message the beginning and the end: that is where people put what they want. */
function searchedPart(question: string): string {
  if (question.length <= 2 * searchedEnds) return question;
  return `${question.slice(0, searchedEnds)} ${question.slice(-searchedEnds)}`;
}

function openIndex(): Database {
  const database = new Database(":memory:");
  // Terms are made by us; FTS5 only cuts at spaces. `detail=none` would lose the columns that bm25 weighs.
  database.run("CREATE VIRTUAL TABLE passages USING fts5 (heading, body, tokenize = 'unicode61', detail = column)");
  database.run("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (passages, row)");
  return database;
}

function indexedText(units: readonly TextUnit[]): string {
  return units.flatMap((unit) => unit.terms.map(({ term }) => term)).join(" ");
}
