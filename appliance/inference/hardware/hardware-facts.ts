// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";

/** What this machine has, limits of its container counted in. */
export interface HardwareFacts {
  readonly platform: string;
  readonly architecture: string;
  readonly processorName: string;
  /** Cores that this process may use, quota of a control group counted in (at least 1). */
  readonly availableCores: number;
  /** Physical cores of the machine, when the system tells; hyper-threads share one. */
  readonly physicalCores: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  /** Instruction sets that matter to llama.cpp. */
  readonly features: readonly string[];
}

/** Reads a text file of the system; undefined when there is none. */
export type ReadSystemFile = (path: string) => string | undefined;

const interesting = [
  "avx",
  "avx2",
  "avx512f",
  "avx512_vnni",
  "avx512_bf16",
  "avx_vnni",
  "amx_int8",
  "f16c",
  "fma",
  "asimd",
  "asimddp",
  "i8mm",
  "sve",
];

const readSystemFile: ReadSystemFile = (path) => {
  try {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  } catch {
    // Some files of /proc and /sys exist but may not be read; that is the same as not knowing.
    return undefined;
  }
};

function field(text: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Cores that a control group's quota allows (v2 `cpu.max`, v1 `cfs_quota`), or undefined without one. */
export function quotaCores(read: ReadSystemFile): number | undefined {
  const unified = read("/sys/fs/cgroup/cpu.max")?.trim().split(/\s+/);
  if (unified !== undefined && unified[0] !== "max")
    return positive(Number(unified[0]) / Number(unified[1] ?? 100_000));
  const quota = Number(read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") ?? "-1");
  const period = Number(read("/sys/fs/cgroup/cpu/cpu.cfs_period_us") ?? "100000");
  return quota > 0 ? positive(quota / period) : undefined;
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Total and available bytes, the smaller of the machine's and the control group's. */
export function memoryOf(
  read: ReadSystemFile,
  machineBytes: number,
  freeBytes: number,
): { readonly totalBytes: number; readonly availableBytes: number } {
  const information = read("/proc/meminfo") ?? "";
  const availableKib = field(information, /^MemAvailable:\s+(\d+) kB/m);
  const machineAvailable = availableKib === undefined ? freeBytes : availableKib * 1024;
  const limit = positive(
    Number(read("/sys/fs/cgroup/memory.max")?.trim() ?? read("/sys/fs/cgroup/memory/memory.limit_in_bytes")?.trim()),
  );
  if (limit === undefined || limit >= machineBytes)
    return { totalBytes: machineBytes, availableBytes: machineAvailable };
  const used = Number(
    read("/sys/fs/cgroup/memory.current")?.trim() ?? read("/sys/fs/cgroup/memory/memory.usage_in_bytes")?.trim() ?? "0",
  );
  // Pages of files are given back when memory is wanted: they do not count as used.
  const cached = field(read("/sys/fs/cgroup/memory.stat") ?? "", /^inactive_file (\d+)$/m) ?? 0;
  return { totalBytes: limit, availableBytes: Math.min(machineAvailable, Math.max(0, limit - used + cached)) };
}

function physicalCores(read: ReadSystemFile, logical: number): number {
  const information = read("/proc/cpuinfo") ?? "";
  const cores = new Set<string>();
  let socket = "0";
  for (const line of information.split("\n")) {
    const [name, value = ""] = line.split(":").map((part) => part.trim());
    if (name === "physical id") socket = value;
    if (name === "core id") cores.add(`${socket}/${value}`);
  }
  return cores.size === 0 ? logical : Math.min(cores.size, logical);
}

/** Looks at the machine now. */
export function readHardwareFacts(read: ReadSystemFile = readSystemFile): HardwareFacts {
  const processors = cpus();
  const logical = Math.max(1, availableParallelism());
  const quota = quotaCores(read);
  const memory = memoryOf(read, totalmem(), freemem());
  const flags = new Set(
    (/^(?:flags|Features)\s*:(.*)$/m.exec(read("/proc/cpuinfo") ?? "")?.[1] ?? "").trim().split(/\s+/),
  );
  return {
    platform: process.platform,
    architecture: process.arch,
    processorName: processors[0]?.model.trim() ?? "unknown",
    availableCores: Math.max(1, Math.floor(Math.min(logical, quota ?? logical))),
    physicalCores: physicalCores(read, Math.max(logical, processors.length)),
    memoryTotalBytes: memory.totalBytes,
    memoryAvailableBytes: memory.availableBytes,
    features: interesting.filter((feature) => flags.has(feature)),
  };
}
