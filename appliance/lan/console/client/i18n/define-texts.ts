// SPDX-License-Identifier: AGPL-3.0-only

/** The languages of the console. */
export type Language = "en" | "zh";

type Entry = string | ((...values: never[]) => string);
type Translated<Source> = {
  readonly [Key in keyof Source]: Source[Key] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : string;
};

/** A page's texts in each language. */
export interface Texts<Source> {
  readonly en: Translated<Source>;
  readonly zh: Translated<Source>;
}

/** Ties the languages together: a key that lacks in one of them, or takes other values, does not compile. */
export function defineTexts<const Source extends Readonly<Record<string, Entry>>>(texts: {
  readonly en: Source;
  readonly zh: Translated<NoInfer<Source>>;
}): Texts<Source> {
  // Forgets the literal wording of the one language, which the other need not repeat; the keys are checked above.
  return texts as unknown as Texts<Source>;
}
