// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { splitMarkdown } from "./split-markdown.ts";
import { roughTokens } from "./split-paragraphs.ts";

describe("splitting Markdown", () => {
  test("headings become headings, marks are taken off, fences hide what looks like a heading", () => {
    const pieces = splitMarkdown(
      "---\ntitle: x\n---\n# Shop\n\nWe sell **bikes** and [parts](https://x.example).\n\nReturns\n-------\n- within *14* days\n\n```\n# not a heading\n```\n",
    );
    expect(pieces).toEqual([
      { heading: "Shop", text: "We sell bikes and parts." },
      { heading: "Returns", text: "within *14* days # not a heading" },
    ]);
  });

  test("every piece is short enough and no word is lost", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/u);
    const sentence = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => `${words.join(" ")}.`);
    fc.assert(
      fc.property(fc.array(fc.array(sentence, { maxLength: 12 }), { maxLength: 6 }), (paragraphs) => {
        const text = paragraphs.map((sentences) => sentences.join(" ")).join("\n\n");
        const pieces = splitMarkdown(text);
        for (const piece of pieces) expect(roughTokens(piece.text)).toBeLessThanOrEqual(121);
        const letters = (value: string): string => value.replace(/\s/gu, "");
        expect(letters(pieces.map((piece) => piece.text).join(""))).toBe(letters(text));
      }),
      { numRuns: 100 },
    );
  });

  test("a text without an end of sentence is cut all the same", () => {
    for (const text of ["x".repeat(5000), "字".repeat(5000), "a b ".repeat(2000)]) {
      for (const piece of splitMarkdown(text)) expect(roughTokens(piece.text)).toBeLessThanOrEqual(121);
    }
  });
});
