// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "./detect-language.ts";

/** A piece of knowledge short enough to be shown to a small model whole. */
export interface Passage {
  /** Unique in its index. */
  readonly id: string;
  /** The question it answers or the heading it stands under; may be empty. */
  readonly heading: string;
  readonly text: string;
  readonly language: Language;
  /** `handbook` for the bundled one, else the id of the owner's source. */
  readonly source: string;
  /** What a person is told about where it comes from, such as the file's name. */
  readonly title: string;
}

/** A passage with how well it fits a question: 0 not at all, 1 every word of it. */
export interface RankedPassage extends Passage {
  readonly score: number;
}

/** The outcome of a search. */
export interface KnowledgeAnswer {
  /** Best first; empty when nothing is near enough to be worth reading. */
  readonly passages: readonly RankedPassage[];
  /** Whether the best passage is near enough that the answer is probably in it. */
  readonly isConfident: boolean;
}

export interface SearchOptions {
  /** At most this many passages; default 3. */
  readonly limit?: number;
  /** Passages of the handbook in another language are left out. Default: the language of the question. */
  readonly language?: Language;
}
