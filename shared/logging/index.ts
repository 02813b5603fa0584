// SPDX-License-Identifier: AGPL-3.0-only
export type { LoggerOptions } from "./create-logger.ts";
export { createLogger } from "./create-logger.ts";
export type { LogLine, LogRing } from "./log-ring.ts";
export { createLogRing } from "./log-ring.ts";
export { fileSink, terminalSink } from "./log-sinks.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export { silentLogger } from "./logger.ts";
export { readLogFile } from "./read-log-file.ts";
