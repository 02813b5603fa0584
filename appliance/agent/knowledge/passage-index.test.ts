// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createPassageIndex, type Passage } from "./index.ts";

let number = 0;
const passage = (heading: string, text: string, overrides: Partial<Passage> = {}): Passage => ({
  id: `p${++number}`,
  heading,
  text,
  language: "en",
  source: "shop",
  title: "faq.md",
  ...overrides,
});
const shop = [
  passage("What are your opening hours?", "We are open Monday to Friday from 9:30 to 18:45."),
  passage("How much is a haircut?", "A haircut costs 32 euros."),
  passage("Can I cancel an appointment?", "You can cancel until the day before by phone."),
  passage("理发多少钱？", "男士理发 68 元。", { language: "zh" }),
  passage("怎样取消预约？", "提前一天打电话就可以取消。", { language: "zh" }),
];

describe("searching passages", () => {
  test.each([
    ["when do you open on mondays", "What are your opening hours?"],
    ["price of haircuts", "How much is a haircut?"],
    ["I'd like to call off my booking", "Can I cancel an appointment?"],
    ["canceling apointments", "Can I cancel an appointment?"],
    ["剪头发贵不贵，理发价格", "理发多少钱？"],
    ["预约了来不了，能撤销吗", "怎样取消预约？"],
  ])("%p finds %p", (question, heading) => {
    using index = createPassageIndex(shop);
    const found = index.search(question);
    expect(found.passages[0]?.heading).toBe(heading);
    expect(found.isConfident).toBeTrue();
  });

  test.each(["who wrote Faust", "长城有多长", "", "??", "the of and"])("%p finds nothing to be sure of", (question) => {
    using index = createPassageIndex(shop);
    expect(index.search(question).isConfident).toBeFalse();
  });

  test("removed sources are no longer found, replaced passages only once", () => {
    using index = createPassageIndex(shop);
    const first = shop[0] as Passage;
    index.add([{ ...first, text: "We are open on Sunday too." }]);
    expect(index.size).toBe(shop.length);
    expect(index.search("opening hours").passages[0]?.text).toContain("Sunday");
    index.removeSource("shop");
    expect(index.size).toBe(0);
    expect(index.search("opening hours").passages).toEqual([]);
  });

  test("the same passage out of several documents is found once, and stays until the last of them is removed", () => {
    using index = createPassageIndex(shop);
    const first = shop[0] as Passage;
    const copies = ["file", "folder", "archive"].map((source) => ({ ...first, id: `copy-${source}`, source }));
    const before = index.search("opening hours", { limit: 5 });
    index.add(copies);
    const texts = index.search("opening hours", { limit: 5 }).passages.map(({ text }) => text);
    expect(texts).toEqual([...new Set(texts)]);
    expect(index.search("opening hours").passages[0]?.score).toBe(before.passages[0]?.score ?? 0);
    expect(index.size).toBe(shop.length + copies.length);
    for (const source of ["shop", "file", "archive"]) index.removeSource(source);
    expect(index.search("opening hours").passages.map((found) => found.source)).toEqual(["folder"]);
    index.removeSource("folder");
    expect(index.search("opening hours").passages).toEqual([]);
  });

  test("the handbook answers in the language of the question, the owner's documents in any", () => {
    using index = createPassageIndex([
      passage("Hearth 用哪个端口？", "端口 7411。", { language: "zh", source: "handbook" }),
      passage("端口", "Port 9000 is the till.", { language: "en" }),
    ]);
    expect(index.search("which port", { language: "en" }).passages.map(({ text }) => text)).toEqual([
      "Port 9000 is the till.",
    ]);
  });

  test("a very long message costs no more than a short one, and is searched by its beginning and end", () => {
    using index = createPassageIndex(shop);
    const words = Array.from({ length: 4000 }, (_, number) => `word${number}`).join(" ");
    const startMs = performance.now();
    index.search(`${words} 理发`.repeat(3).slice(0, 32_000));
    expect(index.search(`opening hours ${"and ".repeat(8000)}`).passages[0]?.heading).toBe(
      "What are your opening hours?",
    );
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  test("no question makes it throw: quotes, operators and strange characters are only text", () => {
    using index = createPassageIndex(shop);
    const piece = fc.oneof(
      fc.constantFrom('"', "OR", "NEAR(", "*", "-", "heading:", "\u0000", "open", "理发"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const { passages } = index.search(pieces.join(" "));
        for (const { score } of passages) expect(score).toBeWithin(0, 1.0001);
        const scores = passages.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((left, right) => right - left));
      }),
      { numRuns: 300 },
    );
  });
});
