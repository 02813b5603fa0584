// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "./define-texts.ts";

/** The language to begin with: what was chosen before, else the first of the browser's that the console speaks. */
export function chooseLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (chosen === "en" || chosen === "zh") return chosen;
  for (const language of preferred) {
    const base = language.toLowerCase().split("-")[0];
    if (base === "en" || base === "zh") return base;
  }
  return "en";
}
