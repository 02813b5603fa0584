// SPDX-License-Identifier: AGPL-3.0-only

/** Something that waits in a lane. */
export interface LaneItem {
  readonly id: string;
  readonly lane: string;
  /** Not to be taken before this wall-clock time. */
  readonly notBeforeMs: number;
}

/**
 * Queues with one rule: items of a lane are taken one at a time and in order, lanes run beside each other. An item that
 * is not due holds its lane back: what comes after it must not overtake.
 */
export interface Lanes<Item extends LaneItem> {
  add(item: Item): void;
  /** The next item that may run at `nowMs`; its lane is busy until `release` or `putBack`. Lanes take turns. */
  take(nowMs: number): Item | undefined;
  /** The lane's item has ended. */
  release(lane: string): void;
  /** The lane's item goes back to the head of its lane. */
  putBack(item: Item): void;
  /** Takes out waiting items. Items that run are not touched. */
  remove(matches: (item: Item) => boolean): Item[];
  /** When the next item falls due, if nothing can be taken before; undefined when all lanes are busy or empty. */
  nextDueMs(): number | undefined;
  /** Whether a lane has nothing that runs or waits. */
  isIdle(lane: string): boolean;
  /** Waiting items, those that run not counted. */
  readonly size: number;
}

interface Lane<Item> {
  readonly queue: Item[];
  isBusy: boolean;
}

/** Makes empty {@link Lanes}. */
export function createLanes<Item extends LaneItem>(): Lanes<Item> {
  const lanes = new Map<string, Lane<Item>>();
  // Lanes that are not busy and have an item, in the order they became so.
  const ready = new Set<string>();
  let size = 0;

  const laneOf = (name: string): Lane<Item> => {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane: Lane<Item> = { queue: [], isBusy: false };
    lanes.set(name, lane);
    return lane;
  };
  const settle = (name: string, lane: Lane<Item>): void => {
    ready.delete(name);
    if (lane.isBusy) return;
    if (lane.queue.length > 0) ready.add(name);
    else lanes.delete(name);
  };

  return {
    add(item) {
      const lane = laneOf(item.lane);
      lane.queue.push(item);
      size += 1;
      if (!lane.isBusy) ready.add(item.lane);
    },
    take(nowMs) {
      for (const name of ready) {
        const lane = laneOf(name);
        const head = lane.queue[0];
        if (head === undefined || head.notBeforeMs > nowMs) continue;
        lane.queue.shift();
        lane.isBusy = true;
        size -= 1;
        ready.delete(name);
        return head;
      }
      return undefined;
    },
    release(name) {
      const lane = laneOf(name);
      lane.isBusy = false;
      settle(name, lane);
    },
    putBack(item) {
      const lane = laneOf(item.lane);
      lane.queue.unshift(item);
      lane.isBusy = false;
      size += 1;
      settle(item.lane, lane);
    },
    remove(matches) {
      const removed: Item[] = [];
      for (const [name, lane] of [...lanes]) {
        const kept = lane.queue.filter((item) => !matches(item));
        if (kept.length === lane.queue.length) continue;
        removed.push(...lane.queue.filter(matches));
        size -= lane.queue.length - kept.length;
        lane.queue.splice(0, lane.queue.length, ...kept);
        settle(name, lane);
      }
      return removed;
    },
    nextDueMs() {
      let dueMs: number | undefined;
      for (const name of ready) {
        const head = lanes.get(name)?.queue[0];
        if (head !== undefined && (dueMs === undefined || head.notBeforeMs < dueMs)) dueMs = head.notBeforeMs;
      }
      return dueMs;
    },
    isIdle: (name) => !lanes.has(name),
    get size() {
      return size;
    },
  };
}
