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
  /** Time of day, to the second. */
  time(timeMs: number): string;
  /** `3 minutes ago`, `in 2 days`. */
  relative(timeMs: number, nowMs: number): string;
}

const relativeSteps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const byteUnits = ["B", "kB", "MB", "GB", "TB"];

/** The {@link Formatter} of a language. */
export function createFormatter(language: Language): Formatter {
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
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
    time: (timeMs) => time.format(timeMs),
    relative(timeMs, nowMs) {
      const distanceMs = timeMs - nowMs;
      for (const [unit, unitMs] of relativeSteps) {
        if (Math.abs(distanceMs) >= unitMs) return relative.format(Math.round(distanceMs / unitMs), unit);
      }
      return relative.format(0, "minute");
    },
  };
}
