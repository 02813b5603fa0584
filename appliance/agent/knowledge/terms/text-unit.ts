// SPDX-License-Identifier: AGPL-3.0-only

/** One thing that a text talks about, and the index terms it may be found by. */
export interface TextUnit {
  /** How much it says about the subject: 0 nothing, 1 a full word. */
  readonly weight: number;
  /** Index terms with what a match through them is worth, best first; 1 is the word itself. */
  readonly terms: readonly { readonly term: string; readonly credit: number }[];
  /** The stem that may be misspelt; absent where a spelling cannot be wrong by one letter. */
  readonly spelling?: string;
}
