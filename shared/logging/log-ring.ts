// SPDX-License-Identifier: AGPL-3.0-only
import type { LogRecord, Sink } from "@logtape/logtape";
import type { LogLevel } from "./logger.ts";

/** One log line as it is shown. */
export interface LogLine {
  readonly sequence: number;
  readonly atMs: number;
  readonly level: LogLevel;
  readonly module: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

/** The latest log lines, in memory. */
export interface LogRing {
  readonly sink: Sink;
  /** Takes in a line from elsewhere, such as the log file of an earlier run. */
  push(line: Omit<LogLine, "sequence">): void;
  /** At most `limit` lines after `after`; the newest `limit` when `after` is 0. */
  read(after: number, limit: number): { readonly lines: readonly LogLine[]; readonly next: number };
}

/** A ring of `capacity` lines; the oldest are forgotten first. */
export function createLogRing(capacity: number): LogRing {
  const lines: LogLine[] = [];
  let sequence = 0;
  const push = (line: Omit<LogLine, "sequence">): void => {
    sequence += 1;
    lines.push({ sequence, ...line });
    if (lines.length > capacity) lines.splice(0, lines.length - capacity);
  };
  return {
    push,
    sink: (record: LogRecord) =>
      push({
        atMs: Math.trunc(record.timestamp),
        level: levelOf(record.level),
        module: record.category.slice(1).join("."),
        event: String(record.message[0]),
        fields: plainFields(record.properties),
      }),
    read(after, limit) {
      const later = lines.filter((line) => line.sequence > after);
      const chosen = after === 0 ? later.slice(-limit) : later.slice(0, limit);
      return { lines: chosen, next: chosen.at(-1)?.sequence ?? after };
    },
  };
}

function levelOf(level: LogRecord["level"]): LogLevel {
  if (level === "warning") return "warn";
  return level === "fatal" ? "error" : level === "trace" ? "debug" : level;
}

/** Keeps what a log line may hold; anything else becomes text. */
function plainFields(properties: Readonly<Record<string, unknown>>): LogLine["fields"] {
  const fields: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    const isPlain = value === null || ["string", "number", "boolean"].includes(typeof value);
    fields[name] = isPlain ? (value as string | number | boolean | null) : String(value);
  }
  return fields;
}
