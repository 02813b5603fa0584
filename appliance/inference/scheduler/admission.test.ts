// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  createStepRates,
  createTenantShares,
  pickNext,
  predictPlaceMs,
  predictWaitMs,
  prefillBudget,
} from "./index.ts";

const request = (
  id: string,
  tenant: string,
  queuedAtMs: number,
  priority: "interactive" | "background" = "interactive",
) => ({ id, tenant, queuedAtMs, priority });

describe("picking the next request", () => {
  test("first come first served within a tenant", () => {
    const waiting = [request("2", "a", 20), request("1", "a", 10)];
    expect(pickNext(waiting, () => 0, 100, 1000)?.id).toBe("1");
  });

  test("the tenant that was served least is next", () => {
    const waiting = [request("1", "a", 10), request("2", "b", 20)];
    expect(pickNext(waiting, (tenant) => (tenant === "a" ? 500 : 100), 100, 1000)?.id).toBe("2");
  });

  test("interactive comes before background until background has waited long enough", () => {
    const waiting = [request("1", "a", 0, "background"), request("2", "b", 50)];
    expect(pickNext(waiting, () => 0, 100, 1000)?.id).toBe("2");
    expect(pickNext(waiting, () => 0, 2000, 1000)?.id).toBe("1");
  });

  test("tenants with work all the time are served the same within ten percent, whatever the length of their requests", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 400 }), { minLength: 2, maxLength: 5 }), (lengths) => {
        const shares = createTenantShares();
        for (const index of lengths.keys()) shares.arrive(`t${index}`, index > 0);
        const served = lengths.map(() => 0);
        for (let turn = 0; turn < 1500 * lengths.length; turn++) {
          const waiting = lengths.map((_, index) => request(`${index}`, `t${index}`, turn));
          const index = Number(pickNext(waiting, shares.served, turn, 1e9)?.id ?? 0);
          shares.serve(`t${index}`, lengths[index] ?? 0);
          served[index] = (served[index] ?? 0) + (lengths[index] ?? 0);
        }
        expect(Math.max(...served) / Math.min(...served)).toBeLessThan(1.1);
      }),
      { numRuns: 30 },
    );
  });

  test("being away saves nothing up", () => {
    const shares = createTenantShares();
    shares.arrive("busy", false);
    shares.serve("busy", 10_000);
    shares.arrive("new", true);
    expect(shares.served("new")).toBe(10_000);
  });
});

describe("predicting the wait", () => {
  const table = [
    { what: "a free sequence", load: { runningSteps: [10], waitingSteps: [], sequences: 2, stepMs: 10 }, wait: 0 },
    { what: "one ahead", load: { runningSteps: [10, 30], waitingSteps: [], sequences: 2, stepMs: 10 }, wait: 100 },
    { what: "a queue", load: { runningSteps: [10, 30], waitingSteps: [50], sequences: 2, stepMs: 10 }, wait: 300 },
    {
      what: "a long queue",
      load: { runningSteps: [10], waitingSteps: [20, 20, 20], sequences: 1, stepMs: 2 },
      wait: 140,
    },
  ];
  for (const { load, wait, what } of table) {
    test(`${what}: ${wait} ms`, () => expect(predictWaitMs(load)).toBe(wait));
  }

  test("the queue has a place when the first running one ends", () => {
    expect(predictPlaceMs({ runningSteps: [70, 30], waitingSteps: [5], sequences: 2, stepMs: 4 })).toBe(120);
    expect(predictPlaceMs({ runningSteps: [], waitingSteps: [], sequences: 2, stepMs: 4 })).toBe(0);
  });
});

describe("how much prompt a step reads", () => {
  const targets = { interTokenMs: 100, prefillStepMs: 400, batchTokens: 512 };

  test("little before anything was measured", () => {
    expect(prefillBudget(createStepRates(), targets, true)).toBe(32);
  });

  test("as much as keeps the inter-token time, and more when nobody waits for a token", () => {
    const rates = createStepRates();
    rates.record({ decodeTokens: 4, prefillTokens: 0, durationMs: 40 });
    rates.record({ decodeTokens: 0, prefillTokens: 100, durationMs: 100 });
    expect(prefillBudget(rates, targets, true)).toBe(60);
    expect(prefillBudget(rates, targets, false)).toBe(400);
  });

  test("something in any case, and never more than a batch", () => {
    const slow = createStepRates();
    slow.record({ decodeTokens: 4, prefillTokens: 0, durationMs: 300 });
    slow.record({ decodeTokens: 0, prefillTokens: 10, durationMs: 1000 });
    expect(prefillBudget(slow, targets, true)).toBe(8);
    const quick = createStepRates();
    quick.record({ decodeTokens: 0, prefillTokens: 1000, durationMs: 10 });
    expect(prefillBudget(quick, targets, true)).toBe(512);
  });
});
