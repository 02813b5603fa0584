// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMarkerScanner, type Marker } from "./marker-scanner.ts";
import { createTokenText, type TextPiece, type Vocabulary } from "./token-text.ts";

/** A tokenizer whose tokens are bytes, as small byte-level models cut Chinese and emoji; 256 is a control token. */
const bytes: Vocabulary = {
  tokenize: (text) => [...Buffer.from(text)],
  detokenize: (tokens, withSpecial) => {
    const plain = tokens.filter((token) => token < 256);
    return Buffer.from(plain).toString("utf8") + (withSpecial && tokens.includes(256) ? "<|end|>" : "");
  },
  isControl: (token) => token === 256,
  isEndOfGeneration: (token) => token === 256,
};

function textOf(pieces: readonly TextPiece[]): string {
  return pieces.map((piece) => (piece.isControl ? "" : piece.text)).join("");
}

describe("tokens to text", () => {
  test("whatever the text, the pieces join to it, and none holds half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const clean = Buffer.from(text).toString("utf8");
        const decoder = createTokenText(bytes);
        const pieces = [...bytes.tokenize(clean, false).flatMap((token) => decoder.push(token)), ...decoder.flush()];
        expect(textOf(pieces)).toBe(clean);
        if (clean.includes("\uFFFD")) return;
        for (const piece of pieces) expect(piece.text).not.toContain("\uFFFD");
      }),
    );
  });

  test("bytes that are no character do not hold the text up for ever", () => {
    const decoder = createTokenText(bytes);
    let said = "";
    for (let count = 0; count < 20; count++) said += textOf(decoder.push(0xff));
    expect(said.length).toBeGreaterThan(5);
  });

  test("control tokens are pieces of their own, marked as such", () => {
    const decoder = createTokenText(bytes);
    expect(decoder.push(65)).toEqual([{ text: "A", isControl: false }]);
    expect(decoder.push(256)).toEqual([{ text: "<|end|>", isControl: true }]);
  });
});

describe("finding stop texts", () => {
  const stops = (...texts: string[]): Marker<"stop">[] => texts.map((text) => ({ kind: "stop", text }));

  function scan(
    pieces: readonly string[],
    markers: readonly Marker<"stop">[],
  ): { said: string; isStopped: boolean; steps: string[] } {
    const scanner = createMarkerScanner<"stop">();
    const steps: string[] = [];
    for (const text of pieces) {
      const { found, released } = scanner.push([{ text, isControl: false }], markers);
      steps.push(released);
      if (found !== undefined) return { said: steps.join(""), isStopped: true, steps };
    }
    return { said: steps.join("") + scanner.flush(), isStopped: false, steps };
  }

  test("across any borders the text before the first stop is said, and nothing of the stop", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
    const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 8 }),
        fc.array(stop, { minLength: 1, maxLength: 3 }),
        (pieces, texts) => {
          const whole = pieces.join("");
          const at = Math.min(...texts.map((text) => whole.indexOf(text)).filter((index) => index >= 0));
          const { isStopped, said } = scan(pieces, stops(...texts));
          expect(isStopped).toBe(Number.isFinite(at));
          // Which stop is seen first may depend on the borders; never is a whole one said.
          if (isStopped) for (const text of texts) expect(said).not.toContain(text);
          else expect(said).toBe(whole);
          expect(whole.startsWith(said)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("only what may become a stop is held back", () => {
    expect(scan(["hello ", "wor", "ld"], stops("world!")).steps).toEqual(["hello ", "", ""]);
    expect(scan(["hello ", "wor", "k"], stops("world!")).steps).toEqual(["hello ", "", "work"]);
  });

  test("control tokens count for finding and are never said", () => {
    const scanner = createMarkerScanner<"call">();
    const markers: Marker<"call">[] = [{ kind: "call", text: "<tool>get" }];
    expect(
      scanner.push(
        [
          { text: "Yes. ", isControl: false },
          { text: "<tool>", isControl: true },
        ],
        markers,
      ).released,
    ).toBe("Yes. ");
    const { found } = scanner.push([{ text: "get_time", isControl: false }], markers);
    expect(found).toEqual({ kind: "call", rest: [{ text: "_time", isControl: false }] });
    const other = createMarkerScanner<"call">();
    expect(
      other.push(
        [
          { text: "<other>", isControl: true },
          { text: "text", isControl: false },
        ],
        markers,
      ).released,
    ).toBe("text");
  });
});
