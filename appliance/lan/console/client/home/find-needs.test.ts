// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import type { Status } from "../../../http-api/index.ts";
import { findNeeds, judgeWellness } from "./find-needs.ts";

const well: Status = {
  name: "Hearth",
  version: "0.1.0",
  startedMs: 0,
  nowMs: 1,
  isReady: true,
  isRunning: true,
  home: "",
  addresses: [],
  engine: {
    backend: "builtin",
    state: "ready",
    runningSequences: 0,
    queuedRequests: 0,
    maxSequences: 4,
    restarts: 0,
    decodeTokensPerSecond: 0,
    prefillTokensPerSecond: 0,
    memoryBytes: 0,
  },
  memoryBytes: 0,
  channels: { total: 1, online: 1, failing: 0 },
  people: 1,
  pendingPairings: 0,
  queues: { inboxWaiting: 0, outboxWaiting: 0, deadLetters: 0, unknown: 0 },
};

describe("what a status needs", () => {
  test("is nothing when all is well", () => {
    expect(findNeeds(well)).toEqual([]);
    expect(judgeWellness(well)).toBe("well");
  });

  test("names each thing that waits for somebody, with its count", () => {
    const status = {
      ...well,
      pendingPairings: 2,
      channels: { total: 2, online: 1, failing: 1 },
      queues: { ...well.queues, deadLetters: 3, unknown: 4 },
    };
    expect(findNeeds(status)).toEqual([
      { kind: "pairings", count: 2 },
      { kind: "channels-failing", count: 1 },
      { kind: "dead-letters", count: 3 },
      { kind: "unknown-sends", count: 4 },
    ]);
    expect(judgeWellness(status)).toBe("attention");
  });

  test("puts an engine that is down first, with why", () => {
    const status: Status = {
      ...well,
      isReady: false,
      pendingPairings: 1,
      engine: { ...well.engine, state: "down", problem: "the model file is gone" },
    };
    expect(findNeeds(status)[0]).toEqual({ kind: "engine-down", problem: "the model file is gone" });
    expect(judgeWellness(status)).toBe("broken");
  });

  test("does not alarm anybody while the box starts, but does when it is not ready without a reason of the engine's", () => {
    const starting: Status = { ...well, isReady: false, engine: { ...well.engine, state: "starting" } };
    expect(judgeWellness(starting)).toBe("starting");
    expect(judgeWellness({ ...well, isReady: false, problem: "disk full" })).toBe("broken");
  });
});
