// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { porterStem } from "./porter-stem.ts";

// From the examples in Porter's paper and the vocabulary he publishes with it.
const vectors =
  `caresses caress|ponies poni|ties ti|caress caress|cats cat|feed feed|agreed agre|plastered plaster|bled bled
motoring motor|sing sing|conflated conflat|troubled troubl|sized size|hopping hop|tanned tan|falling fall|hissing hiss
fizzed fizz|failing fail|filing file|happy happi|sky sky|relational relat|conditional condit|rational ration
valenci valenc|digitizer digit|conformabli conform|radicalli radic|differentli differ|vileli vile|analogousli analog
vietnamization vietnam|predication predic|operator oper|feudalism feudal|decisiveness decis|hopefulness hope
formaliti formal|sensitiviti sensit|sensibiliti sensibl|triplicate triplic|formative form|formalize formal
electriciti electr|electrical electr|hopeful hope|goodness good|revival reviv|allowance allow|inference infer
airliner airlin|gyroscopic gyroscop|adjustable adjust|defensible defens|irritant irrit|replacement replac
adjustment adjust|dependent depend|adoption adopt|communism commun|activate activ|angulariti angular
homologous homolog|effective effect|bowdlerize bowdler|probate probat|rate rate|cease ceas|controll control|roll roll`
    .split(/[|\n]/u)
    .map((line) => line.split(" ") as [string, string]);

describe("the Porter stemmer", () => {
  test.each(vectors)("%s → %s", (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });

  test("a stem is never longer than its word, and other scripts are left alone", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/u), (word) => {
        expect(porterStem(word).length).toBeLessThanOrEqual(word.length + 1);
      }),
    );
    expect(porterStem("端口")).toBe("端口");
    expect(porterStem("straße")).toBe("straße");
  });
});
