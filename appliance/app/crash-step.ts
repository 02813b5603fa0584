// SPDX-License-Identifier: AGPL-3.0-only
import type { MessageStep, StepObserver } from "../../shared/lifecycle/index.ts";

/**
 * The observer of message steps: in production it does nothing. A fault test names a step and a count, and the process
 * ends itself there with SIGKILL, as a power cut would.
 */
export function createStepObserver(
  crashAt: { readonly step: MessageStep; readonly passing: number } | undefined,
): StepObserver {
  if (crashAt === undefined) return () => undefined;
  let passings = 0;
  return (step) => {
    if (step !== crashAt.step) return;
    passings += 1;
    if (passings === crashAt.passing) process.kill(process.pid, "SIGKILL");
  };
}
