// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type PlannedSequence, planStep } from "./index.ts";

const budget = { batchTokens: 128, prefillTokens: 32, agingMs: 10_000 };

function sequence(
  id: number,
  tenant: string,
  prefillTokens: number,
  partial: Partial<PlannedSequence> = {},
): PlannedSequence {
  return { sequence: id, tenant, priority: "interactive", prefillTokens, admittedAtMs: id, ...partial };
}

const anySequences = fc
  .array(
    fc.record({
      tenant: fc.constantFrom("a", "b", "c", "d"),
      priority: fc.constantFrom("interactive" as const, "background" as const),
      prefillTokens: fc.oneof(fc.constant(0), fc.integer({ min: 2, max: 3000 })),
      admittedAtMs: fc.integer({ min: 0, max: 5000 }),
    }),
    { minLength: 1, maxLength: 32 },
  )
  .map((all) => all.map((one, index) => ({ ...one, sequence: index })));

const anyBudget = fc.record({
  batchTokens: fc.integer({ min: 32, max: 1024 }),
  prefillTokens: fc.integer({ min: 0, max: 512 }),
  agingMs: fc.integer({ min: 1, max: 100_000 }),
});

/** Runs steps over sequences that prefill, until `steps` are done; returns tokens a tenant got. */
function play(sequences: readonly PlannedSequence[], steps: number, over = budget): Map<string, number> {
  let deficits: ReadonlyMap<string, number> = new Map();
  const left = new Map(sequences.map((one) => [one.sequence, one.prefillTokens]));
  const got = new Map<string, number>();
  for (let step = 0; step < steps; step++) {
    const now = sequences.map((one) => ({ ...one, prefillTokens: left.get(one.sequence) ?? 0 }));
    const plan = planStep({ nowMs: step * 100, sequences: now, deficits }, over);
    deficits = plan.deficits;
    for (const item of plan.items) {
      const one = now[item.sequence];
      if (one === undefined || one.prefillTokens === 0) continue;
      left.set(item.sequence, one.prefillTokens - item.tokens);
      got.set(one.tenant, (got.get(one.tenant) ?? 0) + item.tokens);
    }
  }
  return got;
}

describe("planning a step", () => {
  test("every decoding sequence is in every step, with one token", () => {
    fc.assert(
      fc.property(anySequences, anyBudget, (sequences, over) => {
        const { items } = planStep({ nowMs: 6000, sequences, deficits: new Map() }, over);
        const planned = new Map(items.map((item) => [item.sequence, item.tokens]));
        for (const one of sequences) if (one.prefillTokens === 0) expect(planned.get(one.sequence)).toBe(1);
      }),
    );
  });

  test("the budget is held, nobody gets more than is missing, and nobody is in it twice", () => {
    fc.assert(
      fc.property(anySequences, anyBudget, (sequences, over) => {
        const { items } = planStep({ nowMs: 6000, sequences, deficits: new Map() }, over);
        const decoders = sequences.filter((one) => one.prefillTokens === 0).length;
        const total = items.reduce((sum, item) => sum + item.tokens, 0);
        expect(total).toBeLessThanOrEqual(over.batchTokens);
        if (decoders > 0) expect(total - decoders).toBeLessThanOrEqual(Math.max(1, over.prefillTokens));
        expect(new Set(items.map((item) => item.sequence)).size).toBe(items.length);
        for (const item of items) {
          expect(item.tokens).toBeGreaterThan(0);
          expect(item.tokens).toBeLessThanOrEqual(Math.max(1, sequences[item.sequence]?.prefillTokens ?? 0));
        }
      }),
    );
  });

  test("a step is never wasted: if anybody waits, as much is read as fits", () => {
    fc.assert(
      fc.property(anySequences, anyBudget, (sequences, over) => {
        const { items } = planStep({ nowMs: 6000, sequences, deficits: new Map() }, over);
        const wanted = sequences.reduce((sum, one) => sum + one.prefillTokens, 0);
        const decoders = sequences.filter((one) => one.prefillTokens === 0).length;
        const room =
          decoders === 0 ? over.batchTokens : Math.min(over.batchTokens - decoders, Math.max(1, over.prefillTokens));
        expect(items.reduce((sum, item) => sum + item.tokens, 0) - decoders).toBe(Math.min(wanted, room));
      }),
    );
  });

  test("tenants that always have something to read get the same, within ten percent, however many sequences they have", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 7 }),
        (many, few, third) => {
          const tenants = [...Array(many).fill("a"), ...Array(few).fill("b"), ...Array(third).fill("c")] as string[];
          const got = play(
            [...tenants.map((tenant, index) => sequence(index, tenant, 1_000_000)), sequence(tenants.length, "d", 0)],
            60,
          );
          const shares = ["a", "b", "c"].map((tenant) => got.get(tenant) ?? 0);
          expect(Math.max(...shares) / Math.min(...shares)).toBeLessThan(1.1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("with a budget of one token tenants take turns", () => {
    const got = play([sequence(0, "a", 500), sequence(1, "b", 500), sequence(2, "c", 0)], 40, {
      ...budget,
      prefillTokens: 1,
    });
    expect(got.get("a")).toBe(20);
    expect(got.get("b")).toBe(20);
  });

  test("nobody starves: background is read too once it has waited long enough", () => {
    const endless = sequence(0, "a", 1_000_000_000);
    const patient = sequence(1, "b", 400, { priority: "background" });
    expect(play([endless, patient], 90).get("b") ?? 0).toBe(0);
    expect(play([endless, patient], 140).get("b") ?? 0).toBe(400);
  });

  test("interactive prompts are read before background ones", () => {
    const sequences = [sequence(0, "a", 100, { priority: "background" }), sequence(1, "b", 100)];
    expect(planStep({ nowMs: 5, sequences, deficits: new Map() }, { ...budget, batchTokens: 64 }).items).toEqual([
      { sequence: 1, tokens: 64 },
    ]);
  });
});
