// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { editDistance } from "./edit-distance.ts";

const word = fc.stringMatching(/^[abc]{0,8}$/u);

describe("the distance of two spellings", () => {
  test.each([
    ["backup", "bakcup", 1],
    ["backup", "backup", 0],
    ["password", "pasword", 1],
    ["restore", "retsroe", 2],
  ])("%s and %s are %i apart", (left, right, distance) => {
    expect(editDistance(left, right, 3)).toBe(distance);
  });

  test("it is symmetric, zero only for equal words, and never beyond the limit plus one", () => {
    fc.assert(
      fc.property(word, word, fc.nat(4), (left, right, limit) => {
        const distance = editDistance(left, right, limit);
        expect(distance).toBe(editDistance(right, left, limit));
        expect(distance === 0).toBe(left === right);
        expect(distance).toBeLessThanOrEqual(limit + 1);
      }),
    );
  });

  test("deleting one letter or swapping two neighbours is one step", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,10}$/u), fc.nat(8), (text, position) => {
        const at = position % (text.length - 1);
        expect(editDistance(text, text.slice(0, at) + text.slice(at + 1), 2)).toBe(1);
        const swapped = `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`;
        expect(editDistance(text, swapped, 2)).toBe(swapped === text ? 0 : 1);
      }),
    );
  });
});
