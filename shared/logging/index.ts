// SPDX-License-Identifier: AGPL-3.0-only
export type { LoggerOptions } from "./create-logger.ts";
export { createLogger } from "./create-logger.ts";
export { fileSink, terminalSink } from "./log-sinks.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export { silentLogger } from "./logger.ts";
