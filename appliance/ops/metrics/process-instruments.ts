// SPDX-License-Identifier: AGPL-3.0-only
import { Counter, Gauge, type OpenMetricsContentType, type Registry } from "prom-client";

/** Figures of the main process, read at a scrape. */
export interface ProcessFacts {
  readonly cpuSeconds: () => number;
  readonly residentBytes: () => number;
  readonly startSeconds: number;
}

/** The process's own figures, from the runtime. */
export function runtimeProcessFacts(): ProcessFacts {
  return {
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    residentBytes: () => process.memoryUsage.rss(),
    startSeconds: Math.round(performance.timeOrigin / 1000),
  };
}

/** CPU, memory and start of the process, under the names that Prometheus clients agree on. */
export function addProcessInstruments(registry: Registry<OpenMetricsContentType>, facts: ProcessFacts): void {
  const registers = [registry];
  let countedSeconds = 0;
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the main process.",
    registers,
    collect() {
      const seconds = facts.cpuSeconds();
      this.inc(Math.max(0, seconds - countedSeconds));
      countedSeconds = Math.max(countedSeconds, seconds);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the main process.",
    registers,
    collect() {
      this.set(facts.residentBytes());
    },
  });
  new Gauge({ name: "process_start_time_seconds", help: "When the main process began, Unix time.", registers }).set(
    facts.startSeconds,
  );
}
