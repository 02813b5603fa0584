// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanText, findingCodes } from "./index.ts";

const max = 32_768;

function clean(raw: string): { text: string; findings: readonly string[] } {
  const result = cleanText(raw, max);
  return result.kind === "clean"
    ? { text: result.text, findings: result.findings }
    : { text: "", findings: result.kind === "empty" ? result.findings : [] };
}

describe("what people really write stays as it is", () => {
  const untouched = [
    "Hello, what are your opening hours?",
    "line one\nline two\tand a tab",
    "你好,请问几点开门?",
    "می‌خواهم بدانم",
    "क्‍ष और श्रीमान्‌",
    "ശരി അവന്‍",
    "👩‍👩‍👧‍👦 👩🏽‍💻 🏳️‍🌈 ❤️ ☺︎ 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "שלום \u200fעולם",
    "葛\u{e0100}城",
    "Zürich, crème brûlée, Tiếng Việt, ภาษาไทย",
    "a <b>tag</b> & 'quotes' \"too\" — \\ and {x}",
  ];
  for (const text of untouched) {
    test(JSON.stringify(text), () => expect(clean(text)).toEqual({ text, findings: [] }));
  }
});

describe("what does not show is taken out and named", () => {
  const cases: [name: string, raw: string, text: string, findings: string[]][] = [
    ["a direction override", "pay \u202eevil\u202c now", "pay evil now", ["bidi-controls-removed"]],
    ["isolates", "\u2066admin\u2069", "admin", ["bidi-controls-removed"]],
    ["direction marks in Latin text", "ad\u200emin", "admin", ["bidi-controls-removed"]],
    ["zero-width spaces", "ig\u200bnore\ufeff this", "ignore this", ["invisible-characters-removed"]],
    ["a joiner between Latin letters", "ad\u200dmin\u200c", "admin", ["invisible-characters-removed"]],
    [
      "selectors after letters (bytes hidden in them)",
      "a\ufe01\ufe02\u{e0102}b",
      "ab",
      ["invisible-characters-removed"],
    ],
    ["text in Unicode tags", "hi\u{e0068}\u{e0069}", "hi", ["invisible-characters-removed", "hidden-text-removed"]],
    [
      "tags after a flag that are no flag",
      "🏴\u{e0049}\u{e0047}\u{e004e}",
      "🏴",
      ["invisible-characters-removed", "hidden-text-removed"],
    ],
    ["control characters", "a\0b\x1b[31mc\x7f\x9b", "ab[31mc", ["control-characters-removed"]],
    ["noncharacters", "a\uffffb\ufdd0\u{1fffe}", "ab", ["control-characters-removed"]],
    ["half a surrogate pair", "a\ud800b", "a\ufffdb", ["invalid-unicode-replaced"]],
    ["a tower of marks", `e${"\u0316".repeat(40)}x`, `e${"\u0316".repeat(8)}x`, ["combining-marks-trimmed"]],
    ["Hangul fillers", "a\u3164\uffa0b", "ab", ["invisible-characters-removed"]],
  ];
  for (const [name, raw, text, findings] of cases) {
    test(name, () => expect(clean(raw)).toEqual({ text, findings }));
  }
});

test("line ends become one kind and composed letters one form", () => {
  expect(clean("a\r\nb\rc\u2028d").text).toBe("a\nb\nc\nd");
  expect(clean("e\u0301").text).toBe("\u00e9");
});

test("a text with nothing to read in it is empty", () => {
  for (const raw of ["", "  \n\t ", "\u200b\u200b\u2060", "\u202e\u202c", "\0\x01"]) {
    expect(cleanText(raw, max).kind).toBe("empty");
  }
});

test("the size is judged before anything is parsed", () => {
  expect(cleanText("x".repeat(11), 10)).toEqual({ kind: "too-large", length: 11, maxLength: 10 });
  expect(cleanText("x".repeat(10), 10).kind).toBe("clean");
});

const awkward = fc.constantFrom(
  ..."aé\u0301\u0316\u200b\u200c\u200d\u200e\u202e\ufe0f\ufe0e\u0e01\u0e31\u094d\u0915\u0645\u05d0\u1100\u1161\u11a8\r\n\t \u3099\u304b",
  "👩",
  "\u{1f3fd}",
  "🏴",
  "\u{e0067}",
  "\u{e0062}",
  "\u{e0065}",
  "\u{e007f}",
  "\u{e0100}",
  "\ud800",
  "\udc00",
  "葛",
  "1",
);
const hostileText = fc.oneof(
  fc.array(awkward, { maxLength: 40 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
);

test("cleaning twice is cleaning once, whatever comes in", () => {
  fc.assert(
    fc.property(hostileText, (raw) => {
      const once = clean(raw);
      expect(clean(once.text)).toEqual({ text: once.text, findings: [] });
    }),
    { numRuns: 200 },
  );
});

test("what comes out is well-formed, NFC, not longer than three times what came in, and holds no override or tag text", () => {
  fc.assert(
    fc.property(hostileText, (raw) => {
      const { text, findings } = clean(raw);
      expect(text.isWellFormed()).toBe(true);
      expect(text.normalize("NFC")).toBe(text);
      expect(text.length).toBeLessThanOrEqual(raw.length * 3);
      expect(text).not.toMatch(/(?![\n\t])\p{Cc}|[\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u);
      for (const finding of findings) expect(findingCodes).toContain(finding as (typeof findingCodes)[number]);
    }),
    { numRuns: 200 },
  );
});
