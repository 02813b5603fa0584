// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { manualClock } from "../../../shared/testing/index.ts";
import { createRateLimiter, gcra, type Limit } from "./index.ts";

const sender: Limit = { perPeriod: 6, periodMs: 60_000, burst: 3 };

test("a burst passes, then one event an interval", () => {
  const clock = manualClock();
  const limiter = createRateLimiter(clock, { limits: { sender } });
  const take = () => limiter.take({ limit: "sender", key: "ann" });
  expect([take(), take(), take()].every((decision) => decision.isAllowed)).toBe(true);
  expect(take()).toEqual({ isAllowed: false, limit: "sender", retryAfterMs: 10_000 });
  clock.advance(9_999);
  expect(take()).toEqual({ isAllowed: false, limit: "sender", retryAfterMs: 1 });
  clock.advance(1);
  expect(take().isAllowed).toBe(true);
  expect(take().isAllowed).toBe(false);
  clock.advance(60_000);
  expect([take(), take(), take(), take()].map((decision) => decision.isAllowed)).toEqual([true, true, true, false]);
});

test("one key's use is nothing to another's, and the wall clock is nothing to either", () => {
  const clock = manualClock();
  const limiter = createRateLimiter(clock, { limits: { sender } });
  for (let n = 0; n < 3; n++) limiter.take({ limit: "sender", key: "ann" });
  expect(limiter.take({ limit: "sender", key: "ben" }).isAllowed).toBe(true);
  clock.setWallClock(clock.now() + 86_400_000);
  expect(limiter.take({ limit: "sender", key: "ann" }).isAllowed).toBe(false);
});

test("what one limit refuses is counted by none of the others", () => {
  const limiter = createRateLimiter(manualClock(), { limits: { sender, chat: { ...sender, burst: 4 } } });
  const both = () => limiter.take({ limit: "chat", key: "c" }, { limit: "sender", key: "ann" });
  for (let n = 0; n < 10; n++) both();
  expect(limiter.take({ limit: "chat", key: "c" }).isAllowed).toBe(true);
  expect(limiter.take({ limit: "chat", key: "c" }).isAllowed).toBe(false);
});

test("memory is bounded: the keys unused for longest are forgotten", () => {
  const limiter = createRateLimiter(manualClock(), { limits: { sender: { ...sender, burst: 2 } }, maxKeys: 10 });
  for (let n = 0; n < 1000; n++) {
    limiter.take({ limit: "sender", key: String(n) });
    // Used all the time, so it is remembered, and stays refused.
    limiter.take({ limit: "sender", key: "flood" });
  }
  expect(limiter.size()).toBeLessThanOrEqual(10);
});

test("more at once than the burst can never pass, and says so", () => {
  const limiter = createRateLimiter(manualClock(), { limits: { sender } });
  const decision = limiter.take({ limit: "sender", key: "ann", cost: 4 });
  expect(decision).toEqual({ isAllowed: false, limit: "sender", retryAfterMs: Number.POSITIVE_INFINITY });
});

const limits = fc.record({
  perPeriod: fc.integer({ min: 1, max: 100 }),
  periodMs: fc.integer({ min: 1, max: 100_000 }),
  burst: fc.integer({ min: 1, max: 20 }),
});
const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 80 });

test("in any stretch of time no more than the burst and the rate pass", () => {
  fc.assert(
    fc.property(limits, gaps, (limit, waits) => {
      const passed: number[] = [];
      let [nowMs, stored]: [number, number | undefined] = [0, undefined];
      for (const wait of waits) {
        nowMs += wait;
        const decision = gcra(limit, stored, nowMs, 1);
        if (!decision.isAllowed) continue;
        stored = decision.arrivalMs;
        passed.push(nowMs);
      }
      for (const [first, from] of passed.entries()) {
        for (const [last, until] of passed.entries()) {
          if (last < first) continue;
          const most = limit.burst + ((until - from) * limit.perPeriod) / limit.periodMs;
          expect(last - first + 1).toBeLessThanOrEqual(most + 1e-6);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("who waits as long as it says is let in, and a millisecond earlier is not", () => {
  fc.assert(
    fc.property(limits, gaps, (limit, waits) => {
      let [nowMs, stored]: [number, number | undefined] = [0, undefined];
      for (const wait of waits) {
        nowMs += wait;
        const decision = gcra(limit, stored, nowMs, 1);
        if (decision.isAllowed) {
          stored = decision.arrivalMs;
          continue;
        }
        expect(gcra(limit, stored, nowMs + decision.retryAfterMs, 1).isAllowed).toBe(true);
        expect(gcra(limit, stored, nowMs + decision.retryAfterMs - 1, 1).isAllowed).toBe(false);
      }
    }),
    { numRuns: 100 },
  );
});
