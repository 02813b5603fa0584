// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createGuestBound } from "./guest-bound.ts";

test("a guest waits with so many messages, is told once that there are too many, and has room again as they end", () => {
  const bound = createGuestBound(2);
  expect(bound.take("eve", "m1")).toEqual({ isTaken: true });
  bound.note("m1", true);
  expect(bound.take("eve", "m2")).toEqual({ isTaken: true });
  expect(bound.take("eve", "m3")).toEqual({ isTaken: false, isToBeTold: true });
  expect(bound.take("eve", "m4")).toEqual({ isTaken: false, isToBeTold: false });
  expect(bound.take("bob", "b1")).toEqual({ isTaken: true });
  bound.end("m1");
  bound.end("m1");
  expect(bound.take("eve", "m5")).toEqual({ isTaken: true });
  expect(bound.take("eve", "m6")).toEqual({ isTaken: false, isToBeTold: false });
});

test("who is known waits with any number, and nothing is remembered once nothing waits", () => {
  const bound = createGuestBound(1);
  for (let n = 0; n < 50; n++) {
    expect(bound.take("ann", `m${n}`)).toEqual({ isTaken: true });
    bound.note(`m${n}`, false);
  }
  for (let n = 0; n < 50; n++) bound.end(`m${n}`);
  bound.end("never counted");
  expect(bound.size).toBe(0);
});
