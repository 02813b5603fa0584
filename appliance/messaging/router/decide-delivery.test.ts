// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { SendResult } from "../protocol/index.ts";
import { type DeliveryFacts, decideDelivery } from "./decide-delivery.ts";

const limits = { giveUpMs: 1_000_000, maximumProbes: 8 };
const facts = (changes: Partial<DeliveryFacts> & { result: SendResult }): DeliveryFacts => ({
  isProbe: false,
  attempts: 1,
  probes: 0,
  ageMs: 0,
  delivery: "at-most-once",
  canProbe: true,
  ...changes,
});
const half = (): number => 0.5;

test("an unknown send is asked about at once, and again later while the answer is unknown", () => {
  const unknown = { status: "unknown", code: "stream-lost" } as const;
  const first = decideDelivery(facts({ result: unknown }), limits, half);
  expect(first).toEqual({ state: "unknown", code: "stream-lost", delayMs: 0, isSettled: false });
  const second = decideDelivery(facts({ result: unknown, isProbe: true, probes: 1 }), limits, half);
  expect(second).toEqual({ state: "unknown", code: "stream-lost", delayMs: 750, isSettled: false });
  const last = decideDelivery(facts({ result: unknown, isProbe: true, probes: 8 }), limits, half);
  expect(last.isSettled).toBe(true);
  expect(last.state).toBe("unknown");
});

test("a probe that finds nothing sends the message at once", () => {
  const result = { status: "retry", afterMs: 0, code: "not-arrived" } as const;
  expect(decideDelivery(facts({ result, isProbe: true, probes: 1 }), limits, half)).toEqual({
    state: "queued",
    code: "not-arrived",
    delayMs: 0,
    isSettled: false,
  });
});

test("the other side's wish how long to wait is kept", () => {
  const result = { status: "retry", afterMs: 90_000, code: "busy" } as const;
  expect(decideDelivery(facts({ result }), limits, half).delayMs).toBe(90_000);
});

const anyResult: fc.Arbitrary<SendResult> = fc.oneof(
  fc.constant({ status: "accepted" } as const),
  fc.constant({ status: "duplicate" } as const),
  fc.constant({ status: "unknown", code: "u" } as const),
  fc.record({ status: fc.constant("retry" as const), afterMs: fc.nat(100_000), code: fc.constant("r") }),
  fc.constant({ status: "rejected", code: "x", message: "m" } as const),
);

test("whatever happens, only an idempotent channel is sent an unknown message again", () => {
  const anyFacts = fc.record({
    result: anyResult,
    isProbe: fc.boolean(),
    attempts: fc.integer({ min: 1, max: 60 }),
    probes: fc.nat(20),
    ageMs: fc.nat(2_000_000),
    delivery: fc.constantFrom("at-most-once" as const, "at-least-once" as const, "idempotent" as const),
    canProbe: fc.boolean(),
  });
  fc.assert(
    fc.property(anyFacts, fc.double({ min: 0, max: 0.999, noNaN: true }), (any, random) => {
      const decision = decideDelivery(any, limits, () => random);
      if (any.result.status === "unknown" && any.delivery !== "idempotent") expect(decision.state).toBe("unknown");
      if (decision.isSettled) expect(["accepted", "failed", "unknown"]).toContain(decision.state);
      else expect(["queued", "unknown"]).toContain(decision.state);
      expect(decision.delayMs).toBeGreaterThanOrEqual(0);
      if (any.ageMs >= limits.giveUpMs && any.result.status === "retry") expect(decision.isSettled).toBe(true);
    }),
  );
});
