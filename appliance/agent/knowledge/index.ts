// SPDX-License-Identifier: AGPL-3.0-only
export type { Language } from "./detect-language.ts";
export { detectLanguage } from "./detect-language.ts";
export { handbookPassages } from "./handbook.ts";
export type { KnowledgeAnswer, Passage, RankedPassage, SearchOptions } from "./passage.ts";
export type { PassageIndex } from "./passage-index.ts";
export { createPassageIndex } from "./passage-index.ts";
