// SPDX-License-Identifier: AGPL-3.0-only
import type { StepObserver } from "../../shared/lifecycle/index.ts";
import type { CrashPoint } from "./config.ts";

/**
 * The observer of message steps: in production it does nothing. A fault test names a step, a count and a process, which
 * is then ended with SIGKILL at that very moment, as a power cut or a crash would.
 */
export function createStepObserver(
  crashAt: CrashPoint | undefined,
  engineProcessId: () => number | undefined,
): StepObserver {
  if (crashAt === undefined) return () => undefined;
  let passings = 0;
  return (step) => {
    if (step !== crashAt.step) return;
    passings += 1;
    if (passings !== crashAt.passing) return;
    const victim = crashAt.process === "main" ? process.pid : engineProcessId();
    if (victim !== undefined) process.kill(victim, "SIGKILL");
  };
}
