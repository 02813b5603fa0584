// SPDX-License-Identifier: AGPL-3.0-only

import type { Language } from "./detect-language.ts";
import en1 from "./handbook/en/1-start.md" with { type: "text" };
import en2 from "./handbook/en/2-people.md" with { type: "text" };
import en3 from "./handbook/en/3-commands.md" with { type: "text" };
import en4 from "./handbook/en/4-models.md" with { type: "text" };
import en5 from "./handbook/en/5-knowledge-privacy.md" with { type: "text" };
import zh1 from "./handbook/zh/1-start.md" with { type: "text" };
import zh2 from "./handbook/zh/2-people.md" with { type: "text" };
import zh3 from "./handbook/zh/3-commands.md" with { type: "text" };
import zh4 from "./handbook/zh/4-models.md" with { type: "text" };
import zh5 from "./handbook/zh/5-knowledge-privacy.md" with { type: "text" };
import type { Passage } from "./passage.ts";
import { splitMarkdown } from "./split-markdown.ts";

const parts: readonly (readonly [Language, readonly string[]])[] = [
  ["en", [en1, en2, en3, en4, en5]],
  ["zh", [zh1, zh2, zh3, zh4, zh5]],
];
const titles: Readonly<Record<Language, string>> = { en: "Handbook", zh: "使用手册" };

/** The passages of the handbook that is bundled into the binary, in both languages. */
export function handbookPassages(): Passage[] {
  return parts.flatMap(([language, texts]) =>
    texts.flatMap((text, part) =>
      splitMarkdown(text).map((piece, number) => ({
        id: `handbook/${language}/${part + 1}/${number}`,
        heading: piece.heading,
        text: piece.text,
        language,
        source: "handbook",
        title: titles[language],
      })),
    ),
  );
}
