// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isHearthError } from "../../../../shared/errors/index.ts";
import { decodeText } from "./decode-text.ts";
import { parseCsv } from "./parse-csv.ts";
import { splitDocument } from "./split-document.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
/** "我们周日休息，电话预约。" in GB 18030. */
const gbText = Buffer.from("ced2c3c7d6dcc8d5d0ddcfa2a3acb5e7bbb0d4a4d4bca1a3", "hex");

describe("taking documents apart", () => {
  test("Markdown by its headings, plain text by its questions", () => {
    expect(splitDocument("a.MD", bytes("# Hours\nNine to five."))).toEqual([
      { heading: "Hours", text: "Nine to five." },
    ]);
    const text =
      "Q: Where are you?\nA: At 5 Mill Lane.\n\nDo you deliver?\nYes, within 5 km.\n\n问：有停车位吗？\n答：有。";
    expect(splitDocument("faq.txt", bytes(text))).toEqual([
      { heading: "Where are you?", text: "At 5 Mill Lane." },
      { heading: "Do you deliver?", text: "Yes, within 5 km." },
      { heading: "有停车位吗？", text: "有。" },
    ]);
  });

  test("a table with questions and answers, one with two columns, and any other", () => {
    const named = 'id,Question,Answer\n1,Hours?,"Nine to five, daily"\n';
    expect(splitDocument("a.csv", bytes(named))).toEqual([{ heading: "Hours?", text: "Nine to five, daily" }]);
    expect(splitDocument("a.csv", bytes("Hours?;Nine\nPrice?;Ten"))).toHaveLength(2);
    expect(splitDocument("a.tsv", bytes("Bike\tPrice\tColour\nMila\t900\tred"))).toEqual([
      { heading: "Mila", text: "Bike: Mila; Price: 900; Colour: red" },
    ]);
  });

  test.each([
    '[{"question":"Hours?","answer":"Nine."}]',
    '{"entries":[{"heading":"Hours?","text":"Nine."}]}',
    '{"faq":[{"q":"Hours?","a":"Nine.","id":4}]}',
    '{"Hours?":"Nine."}',
  ])("JSON in the shape %p", (json) => {
    expect(splitDocument("faq.json", bytes(json))).toEqual([{ heading: "Hours?", text: "Nine." }]);
  });

  test.each([
    ["a.exe", "MZ", "knowledge-type-unsupported"],
    ["README", "text", "knowledge-type-unsupported"],
    ["a.json", "{", "knowledge-malformed"],
    ["a.json", '[{"foo": 1}]', "knowledge-malformed"],
    ["a.json", "[[[[[[[[[[", "knowledge-malformed"],
    ["a.txt", " \n\n ", "knowledge-empty"],
    ["a.md", "# only a heading", "knowledge-empty"],
    ["a.txt", `\u0000\u0001\u0002${"x".repeat(20)}`, "knowledge-not-text"],
  ])("%s with %p is refused as %s", (name, text, code) => {
    let thrown: unknown;
    try {
      splitDocument(name, bytes(text));
    } catch (error) {
      thrown = error;
    }
    expect(isHearthError(thrown) && thrown.code).toBe(code);
    expect(isHearthError(thrown) && thrown.remedy).toBeTruthy();
  });

  test("a refusal names the ending in plain words", () => {
    expect(() => splitDocument("README", bytes("text"))).toThrow(
      "files whose name has no ending cannot be read as knowledge",
    );
    expect(() => splitDocument("a.exe", bytes("MZ"))).toThrow("files of the type .exe cannot be read as knowledge");
  });

  test("marks that hide or turn text are taken out", () => {
    const [piece] = splitDocument("a.md", bytes("# Pay\u202eroll\nSend\u200b it \u2066here\u2069."));
    expect(piece).toEqual({ heading: "Payroll", text: "Send it here." });
  });

  test("mutated files of every kind are taken in or refused with a typed error, never anything else", () => {
    const seeds = [
      named("faq.md", "# A\n\nB\n"),
      named("a.csv", 'q,a\n"x",y\n'),
      named("a.json", '{"a":"b"}'),
      named("a.txt", "Q: a\nA: b"),
    ];
    const mutation = fc.record({ at: fc.nat(40), byte: fc.nat(255), isInsert: fc.boolean() });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(mutation, { maxLength: 12 }), (seed, mutations) => {
        const content = [...seed.content];
        for (const { at, byte, isInsert } of mutations)
          content.splice(at % (content.length + 1), isInsert ? 0 : 1, byte);
        try {
          for (const piece of splitDocument(seed.name, Uint8Array.from(content))) expect(piece.text).not.toBe("");
        } catch (error) {
          expect(isHearthError(error)).toBeTrue();
        }
      }),
      { numRuns: 500 },
    );
  });
});

function named(name: string, text: string): { name: string; content: Uint8Array } {
  return { name, content: bytes(text) };
}

describe("encodings", () => {
  test.each([
    ["UTF-8 with a mark", Buffer.from([0xef, 0xbb, 0xbf, 0x68, 0x69]), "hi"],
    ["UTF-16 with a mark", Buffer.from([0xff, 0xfe, 0x68, 0, 0x69, 0]), "hi"],
    ["UTF-16 without", Buffer.from("opening hours", "utf16le"), "opening hours"],
    ["GB 18030", gbText, "我们周日休息，电话预约。"],
    ["Windows-1252", Buffer.from("Caf\xe9 M\xfcller", "latin1"), "Café Müller"],
  ])("%s", (_name, content, text) => {
    expect(decodeText(content)).toBe(text);
  });
});

test("CSV survives being written and read", () => {
  const cell = fc
    .string()
    .map((value) => value.replaceAll("\r", "").trim())
    .filter((value) => value !== "");
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 }), (rows) => {
      const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;
      // The header keeps the delimiter beyond doubt.
      const text = [["a", "b"], ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
      expect(parseCsv(text).slice(1)).toEqual(rows);
    }),
  );
});
