// SPDX-License-Identifier: AGPL-3.0-only
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { HardwareFacts } from "./hardware-facts.ts";

const measurementSchema = z.object({
  threads: z.int().min(1).max(1024),
  /** Threads → score. */
  threadRates: z.record(z.string(), z.number()).optional(),
  /** Name of the chat wrapper that the template resolved to; empty: it has to be resolved each time. */
  chatWrapper: z.string().optional(),
  measuredMs: z.number(),
});

const fileSchema = z.object({ version: z.literal(1), measurements: z.record(z.string(), measurementSchema) });

/** What was measured on this machine with one model. */
export type HardwareMeasurement = z.infer<typeof measurementSchema>;

/** Measurements that outlive a start; a change of hardware or model makes a new one. */
export interface HardwareFile {
  get(key: string): HardwareMeasurement | undefined;
  /** Best effort: a full disk costs a new measurement, nothing else. */
  set(key: string, measurement: HardwareMeasurement): void;
}

const mostEntries = 32;

/** Names what a measurement depends on: processor, cores, model shape, native library. */
export function measurementKey(
  facts: HardwareFacts,
  model: { readonly sizeBytes: number; readonly architecture: string; readonly layers: number },
  library: string,
): string {
  const { architecture, availableCores, platform, processorName } = facts;
  return [
    platform,
    architecture,
    processorName,
    availableCores,
    model.architecture,
    model.layers,
    model.sizeBytes,
    library,
  ].join("|");
}

/** The cache file at `path`; one that is missing or damaged is an empty one. */
export function createHardwareFile(path: string): HardwareFile {
  const read = (): Record<string, HardwareMeasurement> => {
    if (!existsSync(path)) return {};
    try {
      return fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).measurements;
    } catch {
      // Only a cache: whatever cannot be read is measured again.
      return {};
    }
  };
  return {
    get: (key) => read()[key],
    set(key, measurement) {
      const entries = Object.entries({ ...read(), [key]: measurement });
      const kept = entries.sort((a, b) => b[1].measuredMs - a[1].measuredMs).slice(0, mostEntries);
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(
          `${path}.new`,
          `${JSON.stringify({ version: 1, measurements: Object.fromEntries(kept) }, null, 2)}\n`,
        );
        renameSync(`${path}.new`, path);
      } catch {
        // See the contract: it is measured again at the next start.
      }
    },
  };
}
