// SPDX-License-Identifier: AGPL-3.0-only

/**
 * How long to wait before attempt `attempt + 1`: doubles from `baseMs` up to `maximumMs`, and of that a random half, so
 * that many clients do not come back at once ("equal jitter"). `random` is uniform in [0, 1).
 */
export function backOffMs(attempt: number, baseMs: number, maximumMs: number, random: () => number): number {
  const fullMs = Math.min(maximumMs, baseMs * 2 ** Math.min(Math.max(attempt - 1, 0), 40));
  return Math.round(fullMs / 2 + (fullMs / 2) * random());
}
