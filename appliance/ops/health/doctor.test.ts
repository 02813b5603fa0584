// SPDX-License-Identifier: AGPL-3.0-only
import { describe, expect, test } from "bun:test";
import { manualClock } from "../../../shared/testing/index.ts";
import {
  channelsCheck,
  clockCheck,
  createDoctor,
  type DoctorCheck,
  databaseCheck,
  dataFolderCheck,
  diskCheck,
  masterKeyCheck,
  memoryCheck,
  modelCheck,
  nativeLibraryCheck,
  threadsCheck,
} from "./index.ts";

const GiB = 1024 ** 3;
const signal = new AbortController().signal;
const dayMs = 86_400_000;

const cases: readonly (readonly [string, DoctorCheck, "ok" | "warn" | "fail", string])[] = [
  [
    "a library that loads",
    nativeLibraryCheck({ read: async () => ({ isUsable: true, backend: "cpu", version: "3.22.1" }) }),
    "ok",
    "cpu",
  ],
  ["no library needed", nativeLibraryCheck({ read: async () => null }), "ok", "another server"],
  [
    "a library that was changed",
    nativeLibraryCheck({ read: async () => ({ isUsable: false, problem: "wrong hash" }) }),
    "fail",
    "wrong hash",
  ],
  ["the guide", modelCheck({ read: () => ({ model: "guide", isGuide: true, state: "ready" }) }), "ok", "guide"],
  [
    "a model that loads",
    modelCheck({ read: () => ({ model: "big", isGuide: false, state: "starting" }) }),
    "warn",
    "big",
  ],
  [
    "a model that is gone",
    modelCheck({ read: () => ({ model: "big", isGuide: false, state: "down", problem: "no such file" }) }),
    "fail",
    "no such file",
  ],
  [
    "enough memory",
    memoryCheck({ read: () => ({ totalBytes: 16 * GiB, availableBytes: 8 * GiB }) }),
    "ok",
    "8 GiB of 16 GiB",
  ],
  [
    "little memory",
    memoryCheck({ read: () => ({ totalBytes: 16 * GiB, availableBytes: 0.5 * GiB }) }),
    "warn",
    "512 MiB",
  ],
  ["enough disk", diskCheck({ read: () => ({ freeBytes: 2 * GiB }) }), "ok", "2 GiB"],
  ["little disk", diskCheck({ read: () => ({ freeBytes: 1.5 * GiB }) }), "warn", "1.5 GiB"],
  ["a full disk", diskCheck({ read: () => ({ freeBytes: 4096 }) }), "fail", "4 KiB"],
  ["measured threads", threadsCheck({ read: () => ({ cores: 4, threads: 2, isMeasured: true }) }), "ok", "2 of 4"],
  ["guessed threads", threadsCheck({ read: () => ({ cores: 4, threads: 4, isMeasured: false }) }), "warn", "4 of 4"],
  [
    "more threads than cores",
    threadsCheck({ read: () => ({ cores: 2, threads: 4, isMeasured: true }) }),
    "warn",
    "4 of 2",
  ],
  [
    "a right clock",
    clockCheck({ read: () => ({ nowMs: 10 * dayMs, builtMs: dayMs, latestRecordMs: 9 * dayMs }) }),
    "ok",
    "1970-01-11",
  ],
  [
    "a clock before the build",
    clockCheck({ read: () => ({ nowMs: 0, builtMs: dayMs, latestRecordMs: null }) }),
    "fail",
    "1970-01-02",
  ],
  [
    "a clock behind the records",
    clockCheck({ read: () => ({ nowMs: 2 * dayMs, builtMs: dayMs, latestRecordMs: 3 * dayMs }) }),
    "fail",
    "1970-01-04",
  ],
  [
    "a closed data folder",
    dataFolderCheck({ read: async () => [{ path: ".", mode: 0o700, isOwnedByBox: true }] }),
    "ok",
    "Only the box",
  ],
  [
    "a readable key",
    dataFolderCheck({ read: async () => [{ path: "master.key", mode: 0o640, isOwnedByBox: true }] }),
    "fail",
    "master.key (0640)",
  ],
  [
    "a foreign database",
    dataFolderCheck({ read: async () => [{ path: "hearth.db", mode: 0o600, isOwnedByBox: false }] }),
    "fail",
    "hearth.db",
  ],
  ["a usable key", masterKeyCheck({ read: () => ({ isUsable: true, source: "file" }) }), "ok", "key file"],
  [
    "a wrong key",
    masterKeyCheck({ read: () => ({ isUsable: false, problem: "master-key-wrong" }) }),
    "fail",
    "master-key-wrong",
  ],
  ["a whole database", databaseCheck({ findProblems: async () => [] }), "ok", "whole"],
  [
    "a damaged database",
    databaseCheck({ findProblems: async () => ["page 3", "page 9"] }),
    "fail",
    "2 place(s), first: page 3",
  ],
  ["no channels", channelsCheck({ read: () => [] }), "ok", "No channel"],
  [
    "a channel that connects",
    channelsCheck({ read: () => [{ name: "xmpp", status: "connecting" }] }),
    "warn",
    "xmpp (connecting)",
  ],
  [
    "a channel that was locked",
    channelsCheck({ read: () => [{ name: "xmpp", status: "locked", message: "wrong password" }] }),
    "fail",
    "wrong password",
  ],
];

describe("checks", () => {
  for (const [name, check, status, words] of cases) {
    test(`${name} is ${status}`, async () => {
      const finding = await check.run(signal);
      expect(finding.status).toBe(status);
      expect(finding.what.en).toContain(words);
      expect(finding.what.zh).toMatch(/[\u4e00-\u9fff]/);
      if (finding.status !== "ok") {
        expect(finding.fix.en.length).toBeGreaterThan(10);
        expect(finding.fix.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(finding.why.zh).toMatch(/[\u4e00-\u9fff]/);
      }
    });
  }
});

describe("the doctor", () => {
  const fine: DoctorCheck = { id: "fine", run: () => ({ status: "ok", what: { en: "fine", zh: "好" } }) };

  test("says the worst of what was found, in the order of the checks", async () => {
    const clock = manualClock();
    const disk = diskCheck({ read: () => ({ freeBytes: 1 }) });
    const report = await createDoctor([fine, disk], { clock }).run(signal);
    expect(report.status).toBe("fail");
    expect(report.checks.map(({ id, status }) => [id, status])).toEqual([
      ["fine", "ok"],
      ["disk", "fail"],
    ]);
  });

  test("a check that throws is a finding with its code, without its words", async () => {
    const throwing: DoctorCheck = {
      id: "throwing",
      run() {
        throw new Error("secret text");
      },
    };
    const report = await createDoctor([throwing, fine], { clock: manualClock() }).run(signal);
    expect(report.checks.map(({ status }) => status)).toEqual(["fail", "ok"]);
    expect(JSON.stringify(report)).not.toContain("secret text");
  });

  test("a check that hangs is a finding after ten seconds", async () => {
    const clock = manualClock();
    let isAborted = false;
    const hanging: DoctorCheck = {
      id: "hanging",
      run: (end) => {
        end.addEventListener("abort", () => {
          isAborted = true;
        });
        return new Promise(() => undefined);
      },
    };
    const running = createDoctor([hanging], { clock }).run(signal);
    await Promise.resolve();
    clock.advance(10_000);
    expect((await running).checks[0]).toMatchObject({ id: "hanging", status: "warn" });
    expect(isAborted).toBe(true);
  });
});
