// SPDX-License-Identifier: AGPL-3.0-only
import { effect, type Signal, signal } from "@preact/signals";
import { chooseLanguage } from "../i18n/choose-language.ts";
import type { Language } from "../i18n/define-texts.ts";

export type Theme = "auto" | "light" | "dark";

/** What a person chose for this browser; not a setting of the box. */
export interface Preferences {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
}

export interface PreferencesDeps {
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  readonly languages: readonly string[];
  readonly root: { lang: string; dataset: DOMStringMap };
}

/** Reads the preferences, and keeps storage and the root element in step with them. */
export function createPreferences(deps: PreferencesDeps): Preferences {
  const stored = deps.storage.getItem("hearth-theme");
  const language = signal(chooseLanguage(deps.storage.getItem("hearth-language"), deps.languages));
  const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "auto");
  let isFirstRun = true;
  effect(() => {
    deps.root.lang = language.value === "zh" ? "zh-CN" : "en";
    // Only a choice is kept: until there is one, the console goes on following the browser.
    if (!isFirstRun) deps.storage.setItem("hearth-language", language.value);
    isFirstRun = false;
  });
  effect(() => {
    if (theme.value === "auto") delete deps.root.dataset.theme;
    else deps.root.dataset.theme = theme.value;
    deps.storage.setItem("hearth-theme", theme.value);
  });
  return { language, theme };
}
