// SPDX-License-Identifier: AGPL-3.0-only
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import type { LogRing } from "./log-ring.ts";

const tailBytes = 512 * 1024;
const lineSchema = z.looseObject({
  "@timestamp": z.string(),
  level: z.string(),
  message: z.string(),
  logger: z.string().optional(),
});

/** Takes the end of a JSON Lines log file into `ring`; lines that are cut or not ours are left out. A missing file is empty. */
export function readLogFile(path: string, ring: LogRing): void {
  for (const text of readTail(path).split("\n")) {
    const line = parseLine(text);
    if (line === undefined) continue;
    const { "@timestamp": time, level, message, logger, ...rest } = line;
    const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, plain(value)]));
    ring.push({
      atMs: Date.parse(time) || 0,
      level: levelOf(level),
      module: (logger ?? "").split(".").slice(1).join("."),
      event: message,
      fields,
    });
  }
}

function readTail(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    // No log yet.
    return "";
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, tailBytes));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function parseLine(text: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // The first line of the tail is usually cut.
    return undefined;
  }
}

function levelOf(level: string): "debug" | "info" | "warn" | "error" {
  const name = level.toLowerCase();
  if (name.startsWith("warn")) return "warn";
  if (name === "error" || name === "fatal") return "error";
  return name === "debug" || name === "trace" ? "debug" : "info";
}

function plain(value: unknown): string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : JSON.stringify(value);
}
