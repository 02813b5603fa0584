// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { silentLogger } from "../../../../shared/logging/index.ts";
import { manualClock } from "../../../../shared/testing/index.ts";
import type { Beat, EngineOrder, EngineReport, LoadedFacts, LoadOrder } from "../wire/messages.ts";
import { createChildSupervisor, restartDelayMs } from "./child-supervisor.ts";
import type { EngineProcessHandlers } from "./engine-process.ts";

const facts = {
  threads: 1,
  chatWrapper: "",
  contextTokens: 10,
  sequences: 1,
  vocabularySize: 5,
  contextBytes: 0,
  gpu: false,
  canCopySequences: true,
} satisfies LoadedFacts;
const order = { modelId: "m", modelPath: "/m.gguf" } as LoadOrder;
const beat: Beat = {
  memoryBytes: 1,
  runningSequences: 0,
  queuedRequests: 0,
  decodeStepMs: 0,
  prefillTokenMs: 0,
  nativeCallMs: 0,
  lagMs: 0,
  prefixHitTokens: 0,
};

interface FakeChild {
  readonly handlers: EngineProcessHandlers;
  readonly orders: EngineOrder[];
  readonly isKilled: () => boolean;
  die(how: string): void;
}

const limits = { silentTicks: 3, nativeCallLimitMs: 5000, loadLimitMs: 30_000, crashBudget: 4, retryDownMs: 10_000 };

/** Lets promises that are ready run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function supervise(prepare: () => Promise<LoadOrder> = async () => order) {
  const clock = manualClock();
  const children: FakeChild[] = [];
  const seen: string[] = [];
  const supervisor = createChildSupervisor(
    {
      clock,
      logger: silentLogger,
      prepare,
      spawn(handlers) {
        const { promise: exited, resolve } = Promise.withResolvers<string>();
        const orders: EngineOrder[] = [];
        let isKilled = false;
        children.push({ handlers, orders, isKilled: () => isKilled, die: resolve });
        return {
          processId: 100 + children.length,
          send: (sent) => {
            orders.push(sent);
            if (sent.type === "shutdown") resolve("exit code 0");
          },
          kill() {
            isKilled = true;
            resolve("signal SIGKILL");
          },
          exited,
        };
      },
      onReady: () => seen.push("ready"),
      onReport: (report: EngineReport) => seen.push(report.type),
      onLost: () => seen.push("lost"),
      onDown: (problem) => seen.push(`down: ${problem}`),
    },
    limits,
  );
  const last = (): FakeChild => {
    const child = children.at(-1);
    if (child === undefined) throw new Error("no child was started");
    return child;
  };
  const load = async (): Promise<void> => {
    await settle();
    last().handlers.onReport({ type: "loaded", facts });
  };
  const tick = async (seconds: number, each?: () => void): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      each?.();
      await settle();
    }
  };
  return { clock, children, seen, supervisor, last, load, tick };
}

describe("the supervisor of the engine child", () => {
  test("is ready when the child has loaded, and tells it what to load", async () => {
    const { last, load, supervisor } = supervise();
    const started = supervisor.start();
    await load();
    await started;
    expect(supervisor.state()).toBe("ready");
    expect(last().orders).toEqual([{ type: "load", order }]);
    await supervisor.stop();
  });

  test("starts the next child at once, then with growing delays, and gives up for a while after too many", async () => {
    const { children, clock, load, last, seen, supervisor } = supervise();
    void supervisor.start();
    await load();
    expect([1, 2, 3, 4, 9].map(restartDelayMs)).toEqual([0, 0, 250, 500, 8000]);
    for (let crash = 1; crash <= 4; crash++) {
      last().die("signal SIGSEGV");
      await settle();
      expect(supervisor.state()).toBe("restarting");
      clock.advance(restartDelayMs(crash));
      await load();
      expect(children).toHaveLength(crash + 1);
    }
    last().die("signal SIGSEGV");
    await settle();
    expect(supervisor.state()).toBe("down");
    expect(supervisor.problem()).toContain("5 times within a minute");
    expect(seen.filter((what) => what === "lost")).toHaveLength(5);
    clock.advance(limits.retryDownMs);
    await load();
    expect(supervisor.state()).toBe("ready");
    await supervisor.stop();
  });

  test("a child that worked for a while is followed by the next one at once, however often that happens", async () => {
    const { children, clock, last, load, supervisor, tick } = supervise();
    void supervisor.start();
    await load();
    for (let crash = 1; crash <= 8; crash++) {
      const child = last();
      await tick(6, () => child.handlers.onReport({ type: "beat", beat }));
      child.die("signal SIGKILL");
      await settle();
      clock.advance(0);
      await load();
      expect(children).toHaveLength(crash + 1);
    }
    expect(supervisor.state()).toBe("ready");
    await supervisor.stop();
  });

  test("a model that ends the library twice while it loads is not loaded a third time, and its last words are told", async () => {
    const { children, clock, last, supervisor } = supervise();
    const started = supervisor.start();
    await settle();
    last().handlers.onLog("GGML_ASSERT(false) failed");
    last().die("signal SIGABRT");
    await settle();
    clock.advance(0);
    await settle();
    last().handlers.onLog("GGML_ASSERT(false) failed");
    last().die("signal SIGABRT");
    await started;
    expect(children).toHaveLength(2);
    expect(supervisor.problem()).toContain("GGML_ASSERT(false) failed");
    await supervisor.stop();
  });

  test("a child that falls silent is killed; one that beats is not", async () => {
    const { last, load, supervisor, tick } = supervise();
    void supervisor.start();
    await load();
    const child = last();
    await tick(20, () => child.handlers.onReport({ type: "beat", beat }));
    expect(child.isKilled()).toBe(false);
    await tick(limits.silentTicks + 1);
    expect(child.isKilled()).toBe(true);
    await supervisor.stop();
  });

  test("a box that was asleep for an hour does not take its child for hung", async () => {
    const { clock, last, load, supervisor, tick } = supervise();
    void supervisor.start();
    await load();
    clock.setWallClock(clock.now() + 3_600_000);
    await tick(1);
    expect(last().isKilled()).toBe(false);
    await supervisor.stop();
  });

  test("a native call that does not come back is ended", async () => {
    const { last, load, supervisor } = supervise();
    void supervisor.start();
    await load();
    last().handlers.onReport({ type: "beat", beat: { ...beat, nativeCallMs: 4000 } });
    expect(last().isKilled()).toBe(false);
    last().handlers.onReport({ type: "beat", beat: { ...beat, nativeCallMs: 6000 } });
    expect(last().isKilled()).toBe(true);
    await supervisor.stop();
  });

  test("loading may be silent, but not for ever", async () => {
    const { last, supervisor, tick } = supervise();
    void supervisor.start();
    await settle();
    const child = last();
    await tick(20);
    expect(child.isKilled()).toBe(false);
    await tick(15);
    expect(child.isKilled()).toBe(true);
    await supervisor.stop();
  });

  test("what cannot be prepared is told, and tried again later", async () => {
    let isThere = false;
    const { clock, load, supervisor } = supervise(async () => {
      if (!isThere) throw new Error("the file is gone");
      return order;
    });
    await supervisor.start();
    expect(supervisor).toBeDefined();
    expect([supervisor.state(), supervisor.problem()]).toEqual(["down", "the file is gone"]);
    isThere = true;
    clock.advance(limits.retryDownMs);
    await load();
    expect(supervisor.state()).toBe("ready");
    await supervisor.stop();
  });

  test("a stream that is not ours ends the child", async () => {
    const { last, load, supervisor } = supervise();
    void supervisor.start();
    await load();
    last().handlers.onBroken("not a stream of frames");
    expect(last().isKilled()).toBe(true);
    await supervisor.stop();
  });

  test("after stop nothing is started any more", async () => {
    const { children, clock, last, load, supervisor } = supervise();
    void supervisor.start();
    await load();
    last().die("signal SIGKILL");
    await supervisor.stop();
    await settle();
    clock.advance(100_000);
    await settle();
    expect(children).toHaveLength(1);
  });
});
