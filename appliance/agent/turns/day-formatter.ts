// SPDX-License-Identifier: AGPL-3.0-only

/** Makes a function that names the day of a time, such as `Sunday 2026-11-22`, in a time zone (default: the machine's). */
export function createDayFormatter(timeZone: string | undefined): (nowMs: number) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "long",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (nowMs) => {
    const parts = format.formatToParts(nowMs);
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? "";
    return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")}`;
  };
}
