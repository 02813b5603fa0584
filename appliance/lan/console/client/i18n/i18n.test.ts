// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { activityTexts } from "../activity/activity-texts.ts";
import { channelsTexts } from "../channels/channels-texts.ts";
import { policyTexts } from "../channels/policy-texts.ts";
import { chatTexts } from "../chat/chat-texts.ts";
import { conversationsTexts } from "../conversations/conversations-texts.ts";
import { homeTexts } from "../home/home-texts.ts";
import { knowledgeTexts } from "../knowledge/knowledge-texts.ts";
import { modelsTexts } from "../models/models-texts.ts";
import { peopleTexts } from "../people/people-texts.ts";
import { schemaFormTexts } from "../schema-form/schema-form-texts.ts";
import { settingsTexts } from "../settings/settings-texts.ts";
import { signInTexts } from "../sign-in/sign-in-texts.ts";
import { chooseLanguage } from "./choose-language.ts";
import { commonTexts } from "./common-texts.ts";
import { createFormatter } from "./create-formatter.ts";

const all: readonly { readonly en: object; readonly zh: object }[] = [
  activityTexts,
  channelsTexts,
  chatTexts,
  commonTexts,
  conversationsTexts,
  homeTexts,
  knowledgeTexts,
  modelsTexts,
  peopleTexts,
  policyTexts,
  schemaFormTexts,
  settingsTexts,
  signInTexts,
];

describe("the console's texts", () => {
  test("are the same keys in both languages, and none is empty", () => {
    for (const { en, zh } of all) {
      expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
      for (const text of [...Object.values(en), ...Object.values(zh)]) expect(text).not.toBe("");
    }
  });

  test("say every value they are given, in both languages", () => {
    const marks = ["@one@", "@two@", "@three@"];
    for (const texts of all.flatMap(({ en, zh }) => [en, zh])) {
      for (const text of Object.values(texts)) {
        if (typeof text !== "function") continue;
        const said = String(text(...marks.slice(0, text.length)));
        for (const mark of marks.slice(0, text.length)) expect(said).toContain(mark);
      }
    }
  });

  test("hold no English sentence in Chinese", () => {
    for (const { en, zh } of all) {
      const english = new Map(Object.entries(en));
      for (const [key, text] of Object.entries(zh)) {
        if (typeof text === "string" && /[a-z]{3} [a-z]{2}/.test(text)) expect(text).not.toBe(english.get(key));
      }
    }
  });
});

describe("the language", () => {
  test("is the one that was chosen, else the first of the browser's that the console speaks, else English", () => {
    expect(chooseLanguage("zh", ["en-GB"])).toBe("zh");
    expect(chooseLanguage(null, ["fr-FR", "zh-Hans-CN", "en"])).toBe("zh");
    expect(chooseLanguage("xx", ["EN-us"])).toBe("en");
    expect(chooseLanguage(null, ["fr"])).toBe("en");
  });
});

describe("numbers and times", () => {
  const english = createFormatter("en");
  const chinese = createFormatter("zh");

  test("have units that people read", () => {
    expect([0, 999, 1500, 81_000_000, 2_500_000_000].map(english.bytes)).toEqual([
      "0 B",
      "999 B",
      "1.5 kB",
      "81 MB",
      "2.5 GB",
    ]);
    expect([0, 850, 1400, 62_000].map(english.duration)).toEqual(["0 ms", "850 ms", "1.4 s", "62 s"]);
    expect(english.count(4_020_000_000)).toBe("4B");
  });

  test("are written as the language does", () => {
    expect(chinese.dateTime(Date.UTC(2026, 0, 5))).toMatch(/2026年1月\d日/);
    expect(english.dateTime(Date.UTC(2026, 0, 5))).toMatch(/\d Jan 2026/);
  });
});
