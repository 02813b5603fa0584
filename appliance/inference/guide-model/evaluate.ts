// SPDX-License-Identifier: AGPL-3.0-only
/**
 * Measures the guide model end to end: the product's retrieval, the prompt, the real GGUF through llama.cpp.
 * `bun appliance/inference/guide-model/evaluate.ts [--json] [--verbose] [--set first|second] [--model FILE]`
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createGuideRunner } from "./evaluation/guide-runner.ts";
import { type Question, runSuite, type Suite } from "./evaluation/run-suite.ts";
import { type StockedBox, stockBox } from "./evaluation/stocked-box.ts";
import type { GuidePassage } from "./guide-prompt.ts";

const HERE = import.meta.dirname;
const LANGUAGES = ["en", "zh"] as const;
const SETS = ["first", "second"] as const;
/** The share that each figure must reach. */
const REACH = { handbook: 0.8, "unseen-faq": 0.8, "off-subject": 0.9 } as const;

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    verbose: { type: "boolean" },
    set: { type: "string" },
    model: { type: "string", default: join(HERE, "guide.gguf") },
  },
});

function readJson<T>(set: string, name: string): T {
  return JSON.parse(readFileSync(join(HERE, "evaluation", set, name), "utf8")) as T;
}

const runner = await createGuideRunner(options.model);
const startedAt = performance.now();
const results: { set: string; language: string; kind: keyof typeof REACH; suite: Suite }[] = [];
for (const set of SETS.filter((name) => options.set === undefined || options.set === name)) {
  for (const language of LANGUAGES) {
    const faq = readJson<{ entries: GuidePassage[]; questions: Question[] }>(set, `unseen-faq.${language}.json`);
    // A fresh box holds the handbook alone; a company's box holds its FAQ as well.
    using fresh = stockBox(language);
    using company = stockBox(language, faq.entries);
    const ask = async (kind: keyof typeof REACH, box: StockedBox, questions: readonly Question[], note = "") => {
      const { index, passages } = box;
      const suite = await runSuite(runner, { name: `${set} ${kind}.${language}${note}`, index, passages, questions });
      results.push({ set, language, kind, suite });
    };
    const offSubject = readJson<{ questions: Question[] }>(set, `off-subject.${language}.json`).questions;
    await ask("handbook", fresh, readJson<{ questions: Question[] }>(set, `handbook.${language}.json`).questions);
    await ask("unseen-faq", company, faq.questions);
    await ask("off-subject", fresh, offSubject, " (fresh box)");
    await ask("off-subject", company, offSubject, " (company's box)");
  }
}
const seconds = (performance.now() - startedAt) / 1000;
await runner.dispose();

/** The three figures over everything that a filter leaves. */
function figuresOf(chosen: typeof results) {
  const rateOf = (kind: keyof typeof REACH): number => {
    const outcomes = chosen.filter((result) => result.kind === kind).flatMap(({ suite }) => suite.outcomes);
    const wanted = kind === "off-subject" ? "unknown" : "right";
    return outcomes.filter(({ grade }) => grade === wanted).length / outcomes.length;
  };
  return { handbook: rateOf("handbook"), unseenFaq: rateOf("unseen-faq"), offSubject: rateOf("off-subject") };
}

if (options.json) {
  const rows = results.map(({ kind, suite: { outcomes, ...suite } }) => ({
    ...suite,
    count: outcomes.length,
    reach: REACH[kind],
    ...(options.verbose ? { outcomes } : {}),
  }));
  console.log(JSON.stringify({ figures: figuresOf(results), seconds, suites: rows }, null, 1));
} else {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  for (const { kind, suite } of results) {
    const isOffSubject = kind === "off-subject";
    const what = isOffSubject
      ? "answered with I don't know"
      : `answered from the right passage (shown: ${percent(suite.retrieved)})`;
    console.log(
      `${suite.name}: ${percent(suite.rate)} of ${suite.outcomes.length} ${what}, to reach ${percent(REACH[kind])}`,
    );
    if (!options.verbose) continue;
    for (const { question, answer, grade, shownAt } of suite.outcomes)
      if (grade !== (isOffSubject ? "unknown" : "right"))
        console.log(`   ${grade}, shown at ${shownAt}: ${question} → ${answer}`);
  }
  const sets = [...new Set(results.map(({ set }) => set))];
  for (const set of [...sets, "all"]) {
    const figures = figuresOf(results.filter((result) => set === "all" || result.set === set));
    console.log(
      `${set}: handbook ${percent(figures.handbook)} · unseen FAQ ${percent(figures.unseenFaq)} · off subject refused ${percent(figures.offSubject)}`,
    );
  }
  console.log(`${seconds.toFixed(0)} s`);
}
