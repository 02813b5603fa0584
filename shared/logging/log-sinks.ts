// SPDX-License-Identifier: AGPL-3.0-only
import { chmodSync } from "node:fs";
import { getRotatingFileSink } from "@logtape/file";
import { getJsonLinesFormatter, type LogRecord, type Sink } from "@logtape/logtape";

const maxFileBytes = 5 * 1024 * 1024;
const maxFiles = 5;

/** JSON Lines in a file that only the owner may read; kept to five files of 5 MiB. Flushed twice a second and on dispose. */
export function fileSink(path: string): Sink & Disposable {
  const sink = getRotatingFileSink(path, {
    formatter: getJsonLinesFormatter({ message: "rendered", properties: "flatten" }),
    maxSize: maxFileBytes,
    maxFiles,
    bufferSize: 8192,
    flushInterval: 500,
  });
  chmodSync(path, 0o600);
  return sink;
}

/** One short line a record for a person at a terminal: time, level, module, event, fields. */
export function terminalSink(write: (text: string) => void): Sink {
  return (record: LogRecord): void => {
    const time = new Date(record.timestamp).toISOString().slice(11, 19);
    const fields = Object.entries(record.properties)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => ` ${key}=${String(value)}`)
      .join("");
    write(
      `${time} ${record.level.padEnd(7)} ${record.category.slice(1).join(".") || "hearth"} ${String(record.message[0])}${fields}\n`,
    );
  };
}
