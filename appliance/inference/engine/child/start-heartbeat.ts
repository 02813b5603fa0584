// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../../shared/clock/index.ts";
import type { Beat } from "../wire/messages.ts";
import type { Machine } from "./machine.ts";

const beatMs = 1000;

/** Says once a second how this process is; the parent takes one that falls silent for hung. */
export function startHeartbeat(
  clock: Clock,
  machine: () => Machine | undefined,
  report: (beat: Beat) => void,
): () => void {
  let isStopped = false;
  const next = (): void => {
    const expectedMs = clock.monotonicMs() + beatMs;
    clock.after(beatMs, () => {
      if (isStopped) return;
      const now = clock.monotonicMs();
      const snapshot = machine()?.scheduler.snapshot();
      const since = snapshot?.nativeCallSinceMs;
      report({
        memoryBytes: process.memoryUsage.rss(),
        runningSequences: snapshot?.runningSequences ?? 0,
        queuedRequests: snapshot?.queuedRequests ?? 0,
        decodeStepMs: snapshot?.decodeStepMs ?? 0,
        prefillTokenMs: snapshot?.prefillTokenMs ?? 0,
        nativeCallMs: since === undefined ? 0 : now - since,
        lagMs: Math.max(0, now - expectedMs),
        prefixHitTokens: machine()?.cache.statistics().hitTokens ?? 0,
      });
      next();
    });
  };
  next();
  return () => {
    isStopped = true;
  };
}
