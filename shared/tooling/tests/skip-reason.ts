// SPDX-License-Identifier: AGPL-3.0-only

/**
 * Why a test was skipped, as far as anybody can tell: software it names that is not on this machine, else what its
 * name says in brackets (`… (needs a GPU)`), else that it gives no reason.
 */
export function skipReason(name: string, source: string, missing: readonly string[]): string {
  const named = missing.filter((software) => source.toLowerCase().includes(software.toLowerCase()));
  if (named.length > 0) return `not on this machine: ${named.join(", ")}`;
  return /\(((?:needs|only)\b[^)]*)\)/.exec(name)?.[1] ?? "no reason given";
}
