// SPDX-License-Identifier: AGPL-3.0-only
export type {
  AddedKnowledge,
  Knowledge,
  KnowledgeChange,
  KnowledgeDeps,
  KnowledgeOptions,
  KnowledgeSource,
} from "./create-knowledge.ts";
export { createKnowledge } from "./create-knowledge.ts";
export type { Language } from "./detect-language.ts";
export { detectLanguage } from "./detect-language.ts";
export { handbookPassages } from "./handbook.ts";
export type { KnowledgeAnswer, Passage, RankedPassage, SearchOptions } from "./passage.ts";
export type { PassageIndex } from "./passage-index.ts";
export { createPassageIndex } from "./passage-index.ts";
export type { KnowledgeErrorCode } from "./sources/knowledge-error.ts";
export type { FoundFile, KnowledgeFiles, SkippedFile } from "./sources/knowledge-files.ts";
export type { KnowledgeLimits } from "./sources/limits.ts";
export { knowledgeLimits } from "./sources/limits.ts";
export type { ScanResult } from "./sources/take-in.ts";
