// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { GenerateRequest } from "../engine/index.ts";

/** A signal that also aborts at the request's deadline. */
export function withDeadline(clock: Clock, request: GenerateRequest, signal: AbortSignal) {
  const control = new AbortController();
  const onAbort = (): void => control.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) control.abort();
  let isLate = false;
  const timer =
    request.deadlineMs === undefined
      ? undefined
      : clock.after(Math.max(0, request.deadlineMs - clock.now()), () => {
          isLate = true;
          control.abort();
        });
  return {
    signal: control.signal,
    isLate: () => isLate,
    done(): void {
      timer?.cancel();
      signal.removeEventListener("abort", onAbort);
    },
  };
}
