// SPDX-License-Identifier: AGPL-3.0-only
import { testGroups } from "./test-groups.ts";

/**
 * Test files that no tier would run, because they lie or are named elsewhere, or that two would.
 * @returns one sentence a file
 */
export function findStrayTests(paths: Iterable<string>): readonly string[] {
  const problems: string[] = [];
  for (const path of paths) {
    if (!/[._](test|spec)\.[cm]?[jt]sx?$/.test(path)) continue;
    const tiers = testGroups.filter(({ glob }) => new Bun.Glob(glob).match(path));
    if (tiers.length === 0) problems.push(`${path} belongs to no tier of tests: it would never run`);
    if (tiers.length > 1) problems.push(`${path} belongs to ${tiers.length} tiers of tests`);
  }
  return problems;
}
