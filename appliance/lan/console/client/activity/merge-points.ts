// SPDX-License-Identifier: AGPL-3.0-only
import type { ActivityPoint } from "../../../http-api/index.ts";

/** How much of the past is shown. */
export const shownMs = 15 * 60_000;

/** Points by time, each time once, no older than {@link shownMs} before the newest. */
export function mergePoints(
  known: readonly ActivityPoint[],
  added: readonly ActivityPoint[],
): readonly ActivityPoint[] {
  const byTime = new Map<number, ActivityPoint>();
  for (const point of [...known, ...added]) byTime.set(point.atMs, point);
  const points = [...byTime.values()].sort((one, other) => one.atMs - other.atMs);
  const newestMs = points.at(-1)?.atMs ?? 0;
  return points.filter((point) => point.atMs >= newestMs - shownMs);
}
