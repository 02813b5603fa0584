// SPDX-License-Identifier: AGPL-3.0-only
import type { HardwareFacts } from "./hardware-facts.ts";

/** Thread counts worth measuring, smallest first: powers of two up to the cores, and the physical cores. Pure. */
export function threadCandidates(facts: Pick<HardwareFacts, "availableCores" | "physicalCores">): readonly number[] {
  const most = Math.max(1, Math.min(facts.availableCores, 32));
  const candidates = new Set<number>([1, Math.min(facts.physicalCores, most), most]);
  for (let threads = 2; threads < most; threads *= 2) candidates.add(threads);
  return [...candidates].filter((threads) => threads >= 1).sort((a, b) => a - b);
}
