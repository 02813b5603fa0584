// SPDX-License-Identifier: AGPL-3.0-only
import {
  createPassageIndex,
  handbookPassages,
  type Language,
  type Passage,
  type PassageIndex,
} from "../../../agent/knowledge/index.ts";
import type { GuidePassage } from "../guide-prompt.ts";

/** The knowledge of a box: its index, and what is in it. */
export type StockedBox = Disposable & { readonly index: PassageIndex; readonly passages: readonly GuidePassage[] };

/** A box as the product would stock it: the handbook, and the company's FAQ if it has one. */
export function stockBox(language: Language, faq: readonly GuidePassage[] = []): StockedBox {
  const uploaded = faq.map((entry, number): Passage => {
    return { ...entry, id: `faq/${number}`, language, source: "faq", title: "FAQ" };
  });
  const passages = [...handbookPassages(), ...uploaded];
  const index = createPassageIndex(passages);
  return { index, passages, [Symbol.dispose]: () => index[Symbol.dispose]() };
}
