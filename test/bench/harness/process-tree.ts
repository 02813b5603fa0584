// SPDX-License-Identifier: AGPL-3.0-only
import { readdirSync, readFileSync } from "node:fs";

/** What a process and all its descendants use, from /proc. */
export interface TreeUsage {
  readonly processes: number;
  readonly residentBytes: number;
  /** User and system time so far, seconds. */
  readonly cpuSeconds: number;
}

const ticksPerSecond = 100;

/** Measures the tree of `rootId` (Linux). A process that ends while being read counts nothing. */
export function treeUsage(rootId: number): TreeUsage {
  const parents = new Map<number, number>();
  const usage = new Map<number, { cpu: number; resident: number }>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
      parents.set(Number(name), Number(fields[1]));
      usage.set(Number(name), {
        cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
        resident: Number(resident ?? 0) * 1024,
      });
    } catch {
      // It ended between the listing and the reading.
    }
  }
  const belongs = (id: number): boolean => id === rootId || (parents.has(id) && belongs(parents.get(id) ?? 0));
  const members = [...usage.entries()].filter(([id]) => belongs(id)).map(([, value]) => value);
  return {
    processes: members.length,
    residentBytes: members.reduce((sum, member) => sum + member.resident, 0),
    cpuSeconds: members.reduce((sum, member) => sum + member.cpu, 0),
  };
}
