// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { closeOpenMarks } from "./close-open-marks.ts";
import { type Inline, parseInline } from "./parse-inline.ts";
import { parseMarkdown } from "./parse-markdown.ts";

function plain(pieces: readonly Inline[]): string {
  return pieces.map((piece) => ("text" in piece ? piece.text : plain(piece.children))).join("");
}

describe("Markdown of replies", () => {
  test("tells paragraphs, lists, headings and code apart", () => {
    const blocks = parseMarkdown("# Hours\nopen\nlate\n\n- one\n- two\n3. three\n```js\nlet a = **b**;\n```\nend");
    expect(blocks.map((block) => block.kind)).toEqual(["heading", "paragraph", "list", "list", "code", "paragraph"]);
    expect(blocks[2]).toMatchObject({ isOrdered: false, items: [[{ text: "one" }], [{ text: "two" }]] });
    expect(blocks[3]).toMatchObject({ isOrdered: true, start: 3 });
    expect(blocks[4]).toEqual({ kind: "code", text: "let a = **b**;" });
  });

  test("holds the rest in a fence that is still open", () => {
    expect(parseMarkdown("```\nhearth up\n# no heading")).toEqual([{ kind: "code", text: "hearth up\n# no heading" }]);
  });

  test("reads strong, emphasis and code, and no mark inside code", () => {
    expect(parseInline("a **b *c*** `**d**` e")).toMatchObject([
      { text: "a " },
      { kind: "strong", children: [{ text: "b " }, { kind: "emphasis" }] },
      { text: " " },
      { kind: "code", text: "**d**" },
      { text: " e" },
    ]);
  });

  test("leaves stars that are no marks alone", () => {
    for (const text of ["2 * 3 * 4", "a*b*c", "** not strong **", "*", "**"]) {
      expect(parseInline(text)).toEqual([{ kind: "text", text }]);
    }
  });

  test("links to http and https only", () => {
    const text = "[a](https://example.org/x) [b](javascript:alert(1)) [c](data:text/html,x) <img src=x onerror=y>";
    const links = parseInline(text).filter((piece) => piece.kind === "link");
    expect(links).toMatchObject([{ href: "https://example.org/x" }]);
  });

  test("ends an address before the punctuation of its sentence, in both languages", () => {
    const hrefs = ["See https://example.org/a.", "见 https://example.org/a。", "(https://example.org/a)"].flatMap(
      (text) => parseInline(text).flatMap((piece) => (piece.kind === "link" ? [piece.href] : [])),
    );
    expect(hrefs).toEqual(["https://example.org/a", "https://example.org/a", "https://example.org/a"]);
  });

  test("loses no character of a line that is no markup", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", " ", "<", ">", "&", '"', "\\", "(", "]", "。", "😀") }),
        (text) => {
          expect(plain(parseInline(text))).toBe(text);
        },
      ),
    );
  });

  test("takes a hostile text in time that grows with its length", () => {
    const startedMs = performance.now();
    for (const text of ["**a ".repeat(4000), "[".repeat(16_000), "`".repeat(16_001), "*a".repeat(8000)])
      parseMarkdown(text);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});

describe("marks of a text that is still being written", () => {
  test("close what the last line leaves open", () => {
    expect(closeOpenMarks("We are **open")).toBe("We are **open**");
    expect(closeOpenMarks("We are **open ")).toBe("We are **open**");
    expect(closeOpenMarks("Run `hearth up")).toBe("Run `hearth up`");
    expect(closeOpenMarks("We are **")).toBe("We are ");
  });

  test("change nothing that is whole, and nothing inside a fence", () => {
    for (const text of ["**a** b", "`a` b", "a **b**\nc", "```\n**a"]) expect(closeOpenMarks(text)).toBe(text);
  });
});
