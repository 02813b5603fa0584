// SPDX-License-Identifier: AGPL-3.0-only
import type { Language } from "./define-texts.ts";

/** Numbers, sizes and times as people of a language write them. */
export interface Formatter {
  readonly locale: string;
  number(value: number, fractionDigits?: number): string;
  /** `1.2 MB`, powers of 1000. */
  bytes(sizeBytes: number): string;
  /** `850 ms`, `1.4 s`. */
  duration(durationMs: number): string;
  /** `7.2 B`, as model sizes are written. */
  count(value: number): string;
  /** Date and time, to the minute. */
  dateTime(timeMs: number): string;
  /** Time of day, to the minute. */
  clock(timeMs: number): string;
  /** Time of day, to the second. */
  time(timeMs: number): string;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"];

/** The {@link Formatter} of a language. */
export function createFormatter(language: Language): Formatter {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const number = (value: number, fractionDigits = 0): string =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: fractionDigits }).format(value);
  return {
    locale,
    number,
    bytes(sizeBytes) {
      let value = sizeBytes;
      let unit = 0;
      while (value >= 999.5 && unit < byteUnits.length - 1) {
        value /= 1000;
        unit++;
      }
      return `${number(value, value < 10 && unit > 0 ? 1 : 0)} ${byteUnits[unit]}`;
    },
    duration: (durationMs) =>
      durationMs < 1000 ? `${number(durationMs)} ms` : `${number(durationMs / 1000, durationMs < 10_000 ? 1 : 0)} s`,
    count: (value) => compact.format(value),
    dateTime: (timeMs) => dateTime.format(timeMs),
    clock: (timeMs) => clock.format(timeMs),
    time: (timeMs) => time.format(timeMs),
  };
}
