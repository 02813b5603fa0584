// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { choosePlacement, createPrefixCache, type PlacementCandidate } from "./index.ts";

const rules = { promptTokens: 100, canTrim: true, canCopy: true, copyCostTokens: 8 };

function candidate(sequence: number, partial: Partial<PlacementCandidate> = {}): PlacementCandidate {
  return { sequence, isBusy: false, lengthTokens: 0, matchTokens: 0, uniqueTokens: 0, reuseProbability: 0, ...partial };
}

describe("choosing a sequence for a prompt", () => {
  test("the conversation's own sequence continues", () => {
    const own = candidate(1, { lengthTokens: 80, matchTokens: 80, uniqueTokens: 60, reuseProbability: 0.9 });
    expect(choosePlacement([candidate(0), own], rules)).toEqual({ sequence: 1, reuseTokens: 80 });
  });

  test("a prefix is copied out of a busy sequence", () => {
    const busy = candidate(0, { isBusy: true, lengthTokens: 90, matchTokens: 60 });
    expect(choosePlacement([busy, candidate(1)], rules)).toEqual({ sequence: 1, reuseTokens: 60, copyFrom: 0 });
  });

  test("another conversation is not thrown away for its system prompt: that is copied", () => {
    const other = candidate(0, { lengthTokens: 900, matchTokens: 60, uniqueTokens: 840, reuseProbability: 0.5 });
    expect(choosePlacement([other, candidate(1)], rules)).toEqual({ sequence: 1, reuseTokens: 60, copyFrom: 0 });
  });

  test("without the native copy the prompt is read again, in the cheapest place", () => {
    const busy = candidate(0, { isBusy: true, lengthTokens: 90, matchTokens: 60 });
    const dear = candidate(1, { lengthTokens: 500, uniqueTokens: 500, reuseProbability: 0.9 });
    const cheap = candidate(2, { lengthTokens: 500, uniqueTokens: 500, reuseProbability: 0.1 });
    expect(choosePlacement([busy, dear, cheap], { ...rules, canCopy: false })).toEqual({ sequence: 2, reuseTokens: 0 });
  });

  test("memory that cannot be cut is only continued as a whole", () => {
    const longer = candidate(0, { lengthTokens: 80, matchTokens: 60 });
    expect(choosePlacement([longer], { ...rules, canTrim: false })).toEqual({ sequence: 0, reuseTokens: 0 });
    const whole = candidate(0, { lengthTokens: 60, matchTokens: 60 });
    expect(choosePlacement([whole], { ...rules, canTrim: false })).toEqual({ sequence: 0, reuseTokens: 60 });
  });

  test("the last token of the prompt is always read: its logits are needed", () => {
    const all = candidate(0, { lengthTokens: 150, matchTokens: 100 });
    expect(choosePlacement([all], rules)?.reuseTokens).toBe(99);
  });

  test("a busy sequence is never taken, and there is a place whenever one is free", () => {
    const any = fc.array(
      fc.record({
        isBusy: fc.boolean(),
        lengthTokens: fc.nat(300),
        match: fc.nat(300),
        unique: fc.nat(300),
        reuseProbability: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(any, fc.boolean(), fc.boolean(), (all, canTrim, canCopy) => {
        const candidates = all.map((one, sequence) => ({
          ...one,
          sequence,
          matchTokens: Math.min(one.match, one.lengthTokens),
          uniqueTokens: Math.min(one.unique, one.lengthTokens),
        }));
        const placement = choosePlacement(candidates, { ...rules, canTrim, canCopy });
        if (candidates.every((one) => one.isBusy)) expect(placement).toBeUndefined();
        else {
          expect(candidates[placement?.sequence ?? -1]?.isBusy).toBe(false);
          const source = candidates[placement?.copyFrom ?? placement?.sequence ?? -1];
          expect(placement?.reuseTokens ?? -1).toBeLessThanOrEqual(source?.matchTokens ?? 0);
          expect(placement?.reuseTokens ?? 999).toBeLessThan(rules.promptTokens);
          if (!canTrim && (placement?.reuseTokens ?? 0) > 0)
            expect(placement?.reuseTokens).toBe(source?.lengthTokens ?? -1);
        }
      }),
    );
  });
});

describe("prefix cache", () => {
  const make = () => {
    let nowMs = 0;
    const cache = createPrefixCache(() => nowMs, {
      sequences: 3,
      canTrim: true,
      canCopy: true,
      copyCostTokens: 4,
      halfLifeMs: 60_000,
    });
    const run = (key: string, tokens: readonly number[], busy: ReadonlySet<number> = new Set()) => {
      const placement = cache.place(key, tokens, busy);
      if (placement === undefined) throw new Error("no place");
      cache.take(placement, key, tokens);
      cache.append(placement.sequence, tokens.slice(placement.reuseTokens));
      return placement;
    };
    return {
      cache,
      run,
      wait: (ms: number) => {
        nowMs += ms;
      },
    };
  };
  const text = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);

  test("cells of another model or adapter are never reused", () => {
    const { run } = make();
    run("model-a", text(0, 50));
    expect(run("model-b", text(0, 50)).reuseTokens).toBe(0);
    expect(run("model-a", text(0, 60)).reuseTokens).toBe(50);
  });

  test("what was not used for long is given up before what was used just now", () => {
    const { run, wait } = make();
    const old = run("m", text(0, 100)).sequence;
    wait(600_000);
    const recent = [run("m", text(1000, 100)).sequence, run("m", text(2000, 100)).sequence];
    wait(1000);
    const next = run("m", text(3000, 50));
    expect(next.sequence).toBe(old);
    expect(recent).not.toContain(next.sequence);
  });

  test("a prefix that many ask for stays, though others are more recent", () => {
    const { run, wait } = make();
    const system = text(0, 200);
    const hot = run("m", [...system, 1]).sequence;
    for (let index = 0; index < 5; index++) run("m", [...system, 500 + index], new Set([hot]));
    for (let index = 0; index < 10; index++) {
      wait(5000);
      run("m", text(10_000 * (index + 1), 60));
    }
    expect(run("m", [...system, 999]).reuseTokens).toBe(200);
  });

  test("truncating and clearing are known to later prompts", () => {
    const { cache, run } = make();
    const { sequence } = run("m", text(0, 100));
    cache.truncate(sequence, 40);
    expect(cache.tokens(sequence)).toHaveLength(40);
    expect(run("m", text(0, 80)).reuseTokens).toBe(40);
    cache.clear(sequence);
    expect(run("m", text(0, 80)).reuseTokens).toBe(0);
  });

  test("counts what it saved", () => {
    const { cache, run } = make();
    run("m", text(0, 50));
    run("m", text(0, 70));
    expect(cache.statistics()).toMatchObject({ lookups: 2, hits: 1, hitTokens: 50 });
  });
});
