// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { splitText } from "./split-text.ts";

test("a short text stays whole and an empty one is no message", () => {
  expect(splitText("Hello.", 100)).toEqual(["Hello."]);
  expect(splitText("  \n ", 100)).toEqual([]);
});

test("a long text is cut between paragraphs before sentences before words", () => {
  expect(splitText("One paragraph.\n\nAnother one here.", 20)).toEqual(["One paragraph.", "Another one here."]);
  expect(splitText("First sentence. Second sentence.", 20)).toEqual(["First sentence.", "Second sentence."]);
  expect(splitText("只有一句话。还有一句话。", 8)).toEqual(["只有一句话。", "还有一句话。"]);
  expect(splitText("aaaa bbbb cccc", 10)).toEqual(["aaaa bbbb", "cccc"]);
});

test("for any text: no part is too long, and nothing but white space goes", () => {
  const words = fc.array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(" ", "\n", "\n\n", ". ", "。", "😀")),
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 40 }), (pieces, maximumLength) => {
      const text = pieces.join("");
      const parts = splitText(text, maximumLength);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(maximumLength);
        expect(part.trim()).not.toBe("");
      }
      expect(parts.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
    }),
    { numRuns: 300 },
  );
});

test("a cut never tears a surrogate pair", () => {
  for (const part of splitText("😀".repeat(50), 7)) expect(part.isWellFormed()).toBe(true);
});
