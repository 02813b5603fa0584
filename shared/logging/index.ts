// SPDX-License-Identifier: AGPL-3.0-only
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export { silentLogger } from "./logger.ts";
