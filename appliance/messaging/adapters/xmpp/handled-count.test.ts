// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createHandledCount } from "./handled-count.ts";

test("a stanza that is handled before one ahead of it does not count yet", () => {
  const count = createHandledCount();
  const [first, second] = [count.receive(), count.receive()];
  expect(second()).toBe(false);
  expect(count.handled).toBe(0);
  expect(first()).toBe(true);
  expect(count.handled).toBe(2);
});

test("what was not handled when the connection broke is counted when it comes again, not twice", () => {
  const count = createHandledCount();
  count.receive()();
  const late = count.receive();
  count.forgetUnhandled();
  expect(late()).toBe(false);
  expect(count.handled).toBe(1);
  count.receive()();
  expect(count.handled).toBe(2);
  count.reset();
  expect(count.handled).toBe(0);
});

test("for any order of handling, the count is the length of the handled beginning", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(19), { maxLength: 40 }), (received, order) => {
      const count = createHandledCount();
      const settle = Array.from({ length: received }, () => count.receive());
      const isHandled = settle.map(() => false);
      for (const index of order) {
        if (index >= received || isHandled[index] === true) continue;
        settle[index]?.();
        isHandled[index] = true;
        const firstUnhandled = isHandled.indexOf(false);
        expect(count.handled).toBe(firstUnhandled < 0 ? received : firstUnhandled);
      }
    }),
  );
});
