// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createLanes, type LaneItem } from "./lanes.ts";

const item = (id: string, lane: string, notBeforeMs = 0): LaneItem => ({ id, lane, notBeforeMs });

test("items of one lane are taken one at a time and in order", () => {
  const lanes = createLanes<LaneItem>();
  lanes.add(item("1", "a"));
  lanes.add(item("2", "a"));
  expect(lanes.take(0)?.id).toBe("1");
  expect(lanes.take(0)).toBeUndefined();
  lanes.release("a");
  expect(lanes.take(0)?.id).toBe("2");
});

test("an item that is not due holds back what is behind it, and no other lane", () => {
  const lanes = createLanes<LaneItem>();
  lanes.add(item("late", "a", 50));
  lanes.add(item("behind", "a"));
  lanes.add(item("other", "b"));
  expect(lanes.take(0)?.id).toBe("other");
  expect(lanes.take(0)).toBeUndefined();
  expect(lanes.nextDueMs()).toBe(50);
  expect(lanes.take(50)?.id).toBe("late");
});

test("what is put back is taken before what came after it", () => {
  const lanes = createLanes<LaneItem>();
  lanes.add(item("1", "a"));
  lanes.add(item("2", "a"));
  const first = lanes.take(0) as LaneItem;
  lanes.putBack({ ...first, notBeforeMs: 9 });
  expect(lanes.take(0)).toBeUndefined();
  expect(lanes.take(9)?.id).toBe("1");
});

test("a removed item is not taken; its lane goes on", () => {
  const lanes = createLanes<LaneItem>();
  for (const id of ["1", "2", "3"]) lanes.add(item(id, "a"));
  expect(lanes.remove(({ id }) => id === "1" || id === "2").map(({ id }) => id)).toEqual(["1", "2"]);
  expect(lanes.take(0)?.id).toBe("3");
  expect(lanes.size).toBe(0);
});

test("for any mix of calls: each item is taken once, in order within its lane, one at a time a lane", () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), lane: fc.constantFrom("a", "b", "c") }),
    fc.record({ kind: fc.constant("take" as const) }),
    fc.record({ kind: fc.constant("release" as const), index: fc.nat(5) }),
    fc.record({ kind: fc.constant("putBack" as const), index: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const lanes = createLanes<LaneItem>();
      const busy: LaneItem[] = [];
      const ended: LaneItem[] = [];
      let added = 0;
      const take = (): boolean => {
        const taken = lanes.take(0);
        if (taken === undefined) return false;
        expect(busy.some(({ lane }) => lane === taken.lane)).toBe(false);
        busy.push(taken);
        return true;
      };
      for (const step of actions) {
        if (step.kind === "add") lanes.add(item(String(added++), step.lane));
        else if (step.kind === "take") take();
        else {
          const chosen = busy.splice(step.index % Math.max(1, busy.length), 1)[0];
          if (chosen === undefined) continue;
          if (step.kind === "putBack") lanes.putBack(chosen);
          else {
            ended.push(chosen);
            lanes.release(chosen.lane);
          }
        }
      }
      do {
        for (const rest of busy.splice(0)) {
          ended.push(rest);
          lanes.release(rest.lane);
        }
      } while (take());
      expect(ended).toHaveLength(added);
      for (const name of ["a", "b", "c"]) {
        const order = ended.filter(({ lane }) => lane === name).map(({ id }) => Number(id));
        expect(order).toEqual([...order].sort((left, right) => left - right));
      }
    }),
    { numRuns: 150 },
  );
});
