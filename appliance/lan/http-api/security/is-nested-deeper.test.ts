// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { isNestedDeeper } from "./is-nested-deeper.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("it tells the depth of any JSON, whatever its strings hold", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, isSpread) => {
      const bytes = bytesOf(JSON.stringify(value, null, isSpread ? 2 : 0));
      const depth = depthOf(value);
      expect(isNestedDeeper(bytes, depth)).toBe(false);
      if (depth > 0) expect(isNestedDeeper(bytes, depth - 1)).toBe(true);
    }),
  );
  expect(isNestedDeeper(bytesOf('{"a":"[[[[\\"[[[[","b":["]"]}'), 2)).toBe(false);
});

test("it ends on what is no JSON, and quickly on what is long", () => {
  for (const text of ["", '"', '"\\', "]]]]]", '{"a', "\\"]) expect(isNestedDeeper(bytesOf(text), 3)).toBe(false);
  const startMs = performance.now();
  expect(isNestedDeeper(bytesOf("[".repeat(8_000_000)), 128)).toBe(true);
  expect(isNestedDeeper(bytesOf(`"${"x".repeat(8_000_000)}"`), 128)).toBe(false);
  expect(performance.now() - startMs).toBeLessThan(500);
});
