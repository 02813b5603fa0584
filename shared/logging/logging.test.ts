// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../testing/index.ts";
import { createLogger, createLogRing, fileSink, readLogFile, terminalSink } from "./index.ts";

const clock = { now: () => 1_767_225_600_000 };

describe("logging", () => {
  test("a line carries its module, event and fields, from a child too", () => {
    const ring = createLogRing(10);
    const logger = createLogger({ sinks: [ring.sink], level: "info", clock, root: "hearth" });
    logger.child("engine", { sequence: 3 }).warn("decode-slow", { durationMs: 7 });
    expect(ring.read(0, 10).lines).toEqual([
      {
        sequence: 1,
        atMs: 1_767_225_600_000,
        level: "warn",
        module: "engine",
        event: "decode-slow",
        fields: { sequence: 3, durationMs: 7 },
      },
    ]);
  });

  test("lines below the level are not written", () => {
    const ring = createLogRing(10);
    const logger = createLogger({ sinks: [ring.sink], level: "warn", clock, root: "hearth" });
    logger.info("noise");
    logger.error("trouble");
    expect(ring.read(0, 10).lines.map((line) => line.event)).toEqual(["trouble"]);
  });

  test("the ring forgets the oldest and goes on from a sequence number", () => {
    const ring = createLogRing(3);
    for (let index = 1; index <= 5; index += 1)
      ring.push({ atMs: index, level: "info", module: "m", event: `e${index}`, fields: {} });
    expect(ring.read(0, 2).lines.map((line) => line.event)).toEqual(["e4", "e5"]);
    expect(ring.read(3, 1)).toMatchObject({ next: 4 });
    expect(ring.read(5, 10)).toEqual({ lines: [], next: 5 });
  });

  test("a sink that fails does not disturb who logs, nor the other sinks", () => {
    const ring = createLogRing(3);
    const broken = () => {
      throw new Error("no space left on device");
    };
    createLogger({ sinks: [broken, ring.sink], level: "info", clock, root: "hearth" }).info("turn-ended");
    expect(ring.read(0, 10).lines).toHaveLength(1);
  });

  test("the log file is private, and what was written to it is read back at the next start", () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "hearth.log");
    const sink = fileSink(path);
    createLogger({ sinks: [sink], level: "info", clock, root: "hearth" })
      .child("router")
      .info("turn-ended", { tokens: 5, isCut: false });
    sink[Symbol.dispose]();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, `{"cut":\n${readFileSync(path, "utf8")}not json\n`);
    const ring = createLogRing(10);
    readLogFile(path, ring);
    expect(ring.read(0, 10).lines).toEqual([
      {
        sequence: 1,
        atMs: 1_767_225_600_000,
        level: "info",
        module: "router",
        event: "turn-ended",
        fields: { tokens: 5, isCut: false },
      },
    ]);
  });

  test("the terminal shows one short line a record", () => {
    let text = "";
    const sink = terminalSink((line) => {
      text += line;
    });
    createLogger({ sinks: [sink], level: "info", clock, root: "hearth" })
      .child("http")
      .info("listening", { port: 7411 });
    expect(text).toBe("00:00:00 info    http listening port=7411\n");
  });
});
