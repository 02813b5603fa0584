// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { systemClock } from "../../../shared/clock/index.ts";
import type { HearthError } from "../../../shared/errors/index.ts";
import { createPrefixCache } from "../prefix-cache/index.ts";
import {
  createStepScheduler,
  type SequenceTask,
  type StepBatchItem,
  type StepContext,
  type StepRecord,
} from "./index.ts";

const sequences = 4;

/** A context without a model: keeps the cells, fails for prompts that hold the token 666, never with others to blame. */
function fakeContext() {
  const cells: number[][] = Array.from({ length: sequences }, () => []);
  const batches: StepBatchItem[][] = [];
  const context: StepContext = {
    async decode(items) {
      batches.push([...items]);
      // A real decode runs on another thread: the event loop turns meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      if (items.some((item) => item.tokens.includes(666))) throw new Error("decode failed");
      for (const item of items) {
        expect(cells[item.sequence]).toHaveLength(item.position);
        cells[item.sequence]?.push(...item.tokens);
      }
      return items.map((item, index) => (item.wantsLogits ? index : -1));
    },
    trim(sequence, length) {
      cells[sequence]?.splice(length);
      return true;
    },
    clear(sequence) {
      cells[sequence]?.splice(0);
    },
    async copy(source, target) {
      cells[target]?.splice(0, Number.POSITIVE_INFINITY, ...(cells[source] ?? []));
    },
  };
  return { context, cells, batches };
}

interface FakeTask extends SequenceTask {
  readonly made: number[];
  readonly ended: Promise<HearthError | undefined>;
}

function task(id: string, prompt: readonly number[], count: number, partial: Partial<SequenceTask> = {}): FakeTask {
  const tokens = [...prompt];
  const made: number[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<HearthError | undefined>();
  return {
    id,
    tenant: "t",
    priority: "interactive",
    cacheKey: "model",
    tokens,
    remainingTokens: Math.min(count, 50),
    isPaused: () => false,
    started: () => undefined,
    sample: async () => 1000 + made.length,
    accept(token) {
      made.push(token);
      tokens.push(token);
      if (made.length < count) return "continue";
      resolve(undefined);
      return "finished";
    },
    fail: resolve,
    made,
    ended,
    ...partial,
  };
}

function start(overrides: { maxQueued?: number; batchTokens?: number } = {}) {
  const fake = fakeContext();
  const cache = createPrefixCache(systemClock.monotonicMs, {
    sequences,
    canTrim: true,
    canCopy: true,
    copyCostTokens: 2,
    halfLifeMs: 60_000,
  });
  const records: StepRecord[] = [];
  const scheduler = createStepScheduler(
    { clock: systemClock, context: fake.context, cache, onStep: (record) => records.push(record) },
    {
      sequences,
      batchTokens: 64,
      maxQueued: 8,
      maxWaitMs: 60_000,
      interTokenMs: 50,
      prefillStepMs: 100,
      agingMs: 1000,
      pausedLimitMs: 1000,
      canShare: true,
      ...overrides,
    },
  );
  const loop = scheduler.run();
  return {
    ...fake,
    cache,
    records,
    scheduler,
    async stop() {
      scheduler.stop();
      await loop;
    },
  };
}

const prompt = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);

describe("the step scheduler", () => {
  test("decodes together: as many steps as the longest answer needs, not their sum", async () => {
    const machine = start();
    const tasks = Array.from({ length: sequences }, (_, index) => task(`${index}`, prompt(index * 100, 5), 10));
    for (const one of tasks) expect(machine.scheduler.submit(one).isAccepted).toBe(true);
    await Promise.all(tasks.map((one) => one.ended));
    expect(tasks.every((one) => one.made.length === 10)).toBe(true);
    expect(machine.batches.length).toBeLessThan(14);
    await machine.stop();
  });

  test("the sequence that cannot be decoded fails alone; the others in its batch lose nothing", async () => {
    const machine = start();
    const good = [1, 2, 3].map((index) => task(`good${index}`, prompt(index * 100, 6), 12));
    const bad = task("bad", [5, 6, 666, 7], 12);
    for (const one of [good[0], bad, good[1], good[2]]) if (one !== undefined) machine.scheduler.submit(one);
    expect((await bad.ended)?.code).toBe("decode-failed");
    for (const one of good) {
      expect(await one.ended).toBeUndefined();
      expect(one.made).toEqual(prompt(1000, 12));
    }
    await machine.stop();
  });

  test("a prompt is read in chunks while others decode", async () => {
    const machine = start();
    const talker = task("talker", prompt(0, 3), 60);
    const reader = task("reader", prompt(10_000, 400), 1);
    machine.scheduler.submit(talker);
    machine.scheduler.submit(reader);
    await Promise.all([talker.ended, reader.ended]);
    const chunks = machine.batches
      .map((items) =>
        items.find((item) => item.position < 400 && item.tokens.length > 1 && (item.tokens[0] ?? 0) >= 10_000),
      )
      .filter(Boolean);
    expect(chunks.length).toBeGreaterThan(5);
    for (const items of machine.batches)
      expect(items.reduce((sum, item) => sum + item.tokens.length, 0)).toBeLessThanOrEqual(64);
    await machine.stop();
  });

  test("a cancelled task leaves within a step, from the queue too, and its sequence is free", async () => {
    const machine = start();
    const running = Array.from({ length: sequences }, (_, index) => task(`r${index}`, prompt(index * 50, 4), 100_000));
    const waiting = task("waiting", prompt(1, 3), 5);
    for (const one of [...running, waiting]) machine.scheduler.submit(one);
    await Bun.sleep(5);
    expect(machine.scheduler.snapshot()).toMatchObject({ runningSequences: sequences, queuedRequests: 1 });
    expect(machine.scheduler.cancel("waiting")).toBe(true);
    expect(machine.scheduler.snapshot().queuedRequests).toBe(0);
    expect(machine.scheduler.cancel("r1")).toBe(true);
    const before = running[1]?.made.length ?? 0;
    const next = task("next", prompt(7, 3), 3);
    machine.scheduler.submit(next);
    expect(await next.ended).toBeUndefined();
    expect((running[1]?.made.length ?? 0) - before).toBeLessThanOrEqual(1);
    await machine.stop();
  });

  test("the queue is bounded and says when it has a place again", async () => {
    const machine = start({ maxQueued: 2 });
    const all = Array.from({ length: sequences + 2 }, (_, index) => task(`${index}`, prompt(index * 50, 4), 100_000));
    for (const one of all.slice(0, sequences)) machine.scheduler.submit(one);
    await Bun.sleep(5);
    for (const one of all.slice(sequences)) expect(machine.scheduler.submit(one).isAccepted).toBe(true);
    const refused = machine.scheduler.submit(task("over", prompt(3, 3), 5));
    expect(refused.isAccepted).toBe(false);
    if (!refused.isAccepted) expect(refused.retryAfterMs).toBeGreaterThanOrEqual(100);
    await machine.stop();
  });

  test("a paused task keeps its place and makes nothing; the others go on", async () => {
    const machine = start();
    let isPaused = false;
    const slow = task("slow", prompt(0, 3), 100_000, { isPaused: () => isPaused });
    machine.scheduler.submit(slow);
    await Bun.sleep(3);
    isPaused = true;
    await Bun.sleep(3);
    const made = slow.made.length;
    const other = task("other", prompt(50, 3), 20);
    machine.scheduler.submit(other);
    await other.ended;
    expect(slow.made.length).toBe(made);
    isPaused = false;
    machine.scheduler.wake();
    await Bun.sleep(3);
    expect(slow.made.length).toBeGreaterThan(made);
    await machine.stop();
  });

  test("background work never takes the last sequence, so that a person does not wait for it", async () => {
    const machine = start();
    const jobs = Array.from({ length: sequences + 1 }, (_, index) =>
      task(`job${index}`, prompt(index * 50, 4), 100_000, { priority: "background" }),
    );
    for (const job of jobs) machine.scheduler.submit(job);
    await Bun.sleep(3);
    expect(machine.scheduler.snapshot().runningSequences).toBe(sequences - 1);
    const person = task("person", prompt(900, 3), 3);
    machine.scheduler.submit(person);
    expect(await person.ended).toBeUndefined();
    await machine.stop();
  });

  test("a deadline that passes fails the task where it stands", async () => {
    const machine = start();
    const late = task("late", prompt(0, 3), 100_000, { deadlineMs: Date.now() + 10 });
    machine.scheduler.submit(late);
    expect((await late.ended)?.code).toBe("deadline-exceeded");
    await machine.stop();
  });

  test("a task that took its last tokens back goes on from there", async () => {
    const machine = start();
    const tokens = prompt(0, 4);
    let hasRewound = false;
    const made: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const rewinding = task("rewinding", [], 0, {
      tokens,
      accept(token) {
        made.push(token);
        tokens.push(token);
        if (made.length === 3 && !hasRewound) {
          hasRewound = true;
          tokens.splice(5, 2, 77, 78);
          return "rewound";
        }
        if (made.length < 6) return "continue";
        resolve();
        return "finished";
      },
    });
    machine.scheduler.submit(rewinding);
    await promise;
    expect(machine.cells.some((cells) => cells[5] === 77 && cells[6] === 78)).toBe(true);
    await machine.stop();
  });
});
