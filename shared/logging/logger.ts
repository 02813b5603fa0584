// SPDX-License-Identifier: AGPL-3.0-only

export type LogLevel = "debug" | "info" | "warn" | "error";
/** Values of one log line. Numbers, booleans, ids and codes; never message text, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * A structured logger. `event` is a stable kebab-case noun-verb such as `turn-ended`: a line is an event with fields,
 * not prose, so that no message text can slip into it.
 */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger whose lines carry `module` and `fields`. */
  child(module: string, fields?: LogFields): Logger;
}

/** Says nothing; for tests and for commands whose output is their own. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
