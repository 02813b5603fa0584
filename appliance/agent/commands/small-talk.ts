// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "../knowledge/index.ts";
import table from "./small-talk.json" with { type: "json" };

type RuleName = keyof typeof table.replies;

const longestSmallTalk = 64;

/**
 * A fixed reply to a greeting, thanks, a goodbye or "who are you", for the guide model, which can only read documents.
 * A rule matches the whole text and nothing else; the table is `small-talk.json`. Undefined: not small talk.
 */
export function smallTalkReply(text: string, language: Language): string | undefined {
  if (text.length > longestSmallTalk) return undefined;
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/gu, "")
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .trim();
  const rule = table.rules.find((each) => each.en.includes(folded) || each.zh.includes(folded.replaceAll(" ", "")));
  return rule === undefined ? undefined : table.replies[rule.name as RuleName][language];
}
