// SPDX-License-Identifier: AGPL-3.0-only

/** The value below which `fraction` (0…1) of the sample lies; nearest rank. NaN for an empty sample. */
export function percentile(sample: readonly number[], fraction: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)] ?? sorted[0] ?? Number.NaN;
}

/** The middle value. */
export function median(sample: readonly number[]): number {
  return percentile(sample, 0.5);
}
