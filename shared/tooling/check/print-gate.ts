// SPDX-License-Identifier: AGPL-3.0-only
import type { GateResult } from "./gate.ts";

/** Prints a line for each part of the gate, and what to mend below those that failed. */
export function printGate(results: readonly GateResult[]): void {
  for (const result of results) {
    const seconds = (result.durationMs / 1000).toFixed(1);
    console.log(`${result.isOk ? "ok    " : "FAILED"} ${result.name} (${seconds} s)`);
    if (result.detail !== "") console.log(result.detail.replace(/^/gm, "       "));
  }
}
