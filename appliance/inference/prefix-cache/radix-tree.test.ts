// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRadixTree } from "./index.ts";

const tokens = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
const sequence = fc.integer({ min: 0, max: 5 });
const action = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), sequence, tokens }),
  fc.record({ kind: fc.constant("remove" as const), sequence }),
);

function common(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

describe("radix tree over token ids", () => {
  test("answers like a plain list of sequences, whatever is appended and removed", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), tokens, (actions, probe) => {
        const tree = createRadixTree();
        const model = new Map<number, number[]>();
        for (const step of actions) {
          if (step.kind === "remove") {
            tree.remove(step.sequence);
            model.delete(step.sequence);
          } else {
            tree.append(step.sequence, step.tokens);
            model.set(step.sequence, [...(model.get(step.sequence) ?? []), ...step.tokens]);
          }
        }
        const expected = new Map(
          [...model].map(([id, held]) => [id, common(held, probe)] as const).filter(([, length]) => length > 0),
        );
        expect(new Map([...tree.match(probe)].sort())).toEqual(new Map([...expected].sort()));
        for (const [id, held] of model) {
          const others = [...model].filter(([other]) => other !== id).map(([, theirs]) => common(held, theirs));
          expect(tree.sharedLength(id)).toBe(Math.max(0, ...others));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a shared prefix is stored once, and nothing is left when all are gone", () => {
    const tree = createRadixTree();
    const system = Array.from({ length: 500 }, (_, index) => index);
    for (let id = 0; id < 8; id++) tree.append(id, [...system, 10_000 + id]);
    expect(tree.nodeCount()).toBe(9);
    for (let id = 0; id < 8; id++) tree.remove(id);
    expect(tree.nodeCount()).toBe(0);
  });

  test("removing all but one joins what was split", () => {
    const tree = createRadixTree();
    tree.append(1, [1, 2, 3, 4]);
    tree.append(2, [1, 2, 9]);
    expect(tree.nodeCount()).toBe(3);
    tree.remove(2);
    expect(tree.nodeCount()).toBe(1);
    expect(tree.match([1, 2, 3])).toEqual(new Map([[1, 3]]));
  });
});
