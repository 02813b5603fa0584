// SPDX-License-Identifier: AGPL-3.0-only

/** Languages that the agent's own texts exist in. */
export type Language = "en" | "zh";

/**
 * The language a text is most likely in, by the share of its scripts: a Han character says about as much as a Latin
 * word. `fallback` is for texts without either, such as "7411?".
 */
export function detectLanguage(text: string, fallback: Language = "en"): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latinWords = text.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  if (han === 0 && latinWords === 0) return fallback;
  return han >= latinWords ? "zh" : "en";
}
