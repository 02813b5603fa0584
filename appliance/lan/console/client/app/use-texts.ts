// SPDX-License-Identifier: AGPL-3.0-only
import type { Texts } from "../i18n/define-texts.ts";
import { useApp } from "./app-context.ts";

/** A page's texts in the language that is chosen now; the component follows when it changes. */
export function useTexts<Source>(texts: Texts<Source>): Texts<Source>["en"] {
  return texts[useApp().language.value];
}
