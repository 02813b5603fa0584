// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import {
  createHardwareFile,
  measurementKey,
  memoryOf,
  quotaCores,
  readHardwareFacts,
  threadCandidates,
} from "./index.ts";

const files = (content: Readonly<Record<string, string>>) => (path: string) => content[path];
const gib = 1024 ** 3;

describe("hardware facts", () => {
  test("a quota of a control group limits the cores", () => {
    expect(quotaCores(files({ "/sys/fs/cgroup/cpu.max": "150000 100000\n" }))).toBe(1.5);
    expect(quotaCores(files({ "/sys/fs/cgroup/cpu.max": "max 100000\n" }))).toBeUndefined();
    expect(
      quotaCores(
        files({ "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000" }),
      ),
    ).toBe(2);
    expect(quotaCores(files({}))).toBeUndefined();
  });

  test("memory is what the container may use, pages of files not counted as used", () => {
    const read = files({
      "/proc/meminfo": "MemTotal: 33554432 kB\nMemAvailable: 16777216 kB\n",
      "/sys/fs/cgroup/memory.max": String(4 * gib),
      "/sys/fs/cgroup/memory.current": String(3 * gib),
      "/sys/fs/cgroup/memory.stat": `anon 5\ninactive_file ${gib}\n`,
    });
    expect(memoryOf(read, 32 * gib, gib)).toEqual({ totalBytes: 4 * gib, availableBytes: 2 * gib });
    expect(memoryOf(files({ "/sys/fs/cgroup/memory.max": "max\n" }), 32 * gib, 5 * gib)).toEqual({
      totalBytes: 32 * gib,
      availableBytes: 5 * gib,
    });
  });

  test("this machine has at least one core and some memory", () => {
    const facts = readHardwareFacts();
    expect(facts.availableCores).toBeGreaterThanOrEqual(1);
    expect(facts.memoryTotalBytes).toBeGreaterThan(100_000_000);
    expect(facts.memoryAvailableBytes).toBeLessThanOrEqual(facts.memoryTotalBytes);
  });

  test("thread counts worth measuring", () => {
    expect(threadCandidates({ availableCores: 1, physicalCores: 4 })).toEqual([1]);
    expect(threadCandidates({ availableCores: 2, physicalCores: 2 })).toEqual([1, 2]);
    expect(threadCandidates({ availableCores: 16, physicalCores: 8 })).toEqual([1, 2, 4, 8, 16]);
    expect(threadCandidates({ availableCores: 12, physicalCores: 6 })).toEqual([1, 2, 4, 6, 8, 12]);
  });
});

describe("measurements kept over starts", () => {
  const facts = { ...readHardwareFacts(), processorName: "P", availableCores: 4 };
  const model = { sizeBytes: 10, architecture: "llama", layers: 2 };

  test("are found for the same hardware, model and library only", () => {
    using directory = temporaryDirectory();
    const file = createHardwareFile(join(directory.path, "new", "hardware.json"));
    const key = measurementKey(facts, model, "v1");
    file.set(key, { threads: 3, measuredMs: 1 });
    expect(createHardwareFile(join(directory.path, "new", "hardware.json")).get(key)?.threads).toBe(3);
    for (const other of [
      measurementKey({ ...facts, availableCores: 8 }, model, "v1"),
      measurementKey(facts, { ...model, layers: 3 }, "v1"),
      measurementKey(facts, model, "v2"),
    ]) {
      expect(file.get(other)).toBeUndefined();
    }
  });

  test("a damaged file is an empty one, and old entries make room", () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "hardware.json");
    writeFileSync(path, '{"version":1,"measurements":{"x":{"threads":"many"}}}');
    const file = createHardwareFile(path);
    expect(file.get("x")).toBeUndefined();
    for (let index = 0; index < 40; index++) file.set(`key ${index}`, { threads: 1, measuredMs: index });
    expect(file.get("key 39")?.threads).toBe(1);
    expect(file.get("key 0")).toBeUndefined();
  });
});
