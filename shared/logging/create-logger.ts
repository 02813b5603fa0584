// SPDX-License-Identifier: AGPL-3.0-only
import type { LogRecord, Sink } from "@logtape/logtape";
import type { Clock } from "../clock/index.ts";
import type { LogFields, Logger, LogLevel } from "./logger.ts";

const severity: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Where log lines go and which of them. */
export interface LoggerOptions {
  readonly sinks: readonly Sink[];
  readonly level: LogLevel;
  readonly clock: Pick<Clock, "now">;
  /** First element of each line's category. */
  readonly root: string;
}

/**
 * A {@link Logger} over LogTape sinks, without LogTape's process-wide configuration: two boxes in one process (tests)
 * log to two places. A sink that fails, on a full disk say, never disturbs the caller.
 */
export function createLogger(options: LoggerOptions): Logger {
  const make = (category: readonly string[], inherited: LogFields): Logger => {
    const write = (level: LogLevel, event: string, fields: LogFields | undefined): void => {
      if (severity[level] < severity[options.level]) return;
      const record: LogRecord = {
        category,
        level: level === "warn" ? "warning" : level,
        message: [event],
        rawMessage: event,
        timestamp: options.clock.now(),
        properties: { ...inherited, ...fields },
      };
      for (const sink of options.sinks) writeTo(sink, record);
    };
    return {
      debug: (event, fields) => write("debug", event, fields),
      info: (event, fields) => write("info", event, fields),
      warn: (event, fields) => write("warn", event, fields),
      error: (event, fields) => write("error", event, fields),
      child: (module, fields) => make([...category, module], { ...inherited, ...fields }),
    };
  };
  return make([options.root], {});
}

function writeTo(sink: Sink, record: LogRecord): void {
  try {
    sink(record);
  } catch {
    // A log line that cannot be written must not take the message path down with it; a full disk is reported by doctor.
  }
}
