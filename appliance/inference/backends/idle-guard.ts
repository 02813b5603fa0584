// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock, Timer } from "../../../shared/clock/index.ts";

/** Watches over one exchange with a server. */
export interface IdleGuard {
  /** Aborts when the caller's signal does, or after the silence. */
  readonly signal: AbortSignal;
  /** Something came. */
  touch(): void;
  isTimedOut(): boolean;
  /** The exchange is over; a body that was not read to its end is ended. */
  done(): void;
}

/** Aborts when `signal` does, or when nothing came for `limitMs`; `touch` after each thing that came. */
export function idleGuard(clock: Clock, limitMs: number, signal: AbortSignal): IdleGuard {
  const control = new AbortController();
  const onAbort = (): void => control.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) control.abort();
  let timer: Timer | undefined;
  let isTimedOut = false;
  const touch = (): void => {
    timer?.cancel();
    timer = clock.after(limitMs, () => {
      isTimedOut = true;
      control.abort();
    });
  };
  touch();
  return {
    signal: control.signal,
    touch,
    isTimedOut: () => isTimedOut,
    done(): void {
      timer?.cancel();
      signal.removeEventListener("abort", onAbort);
      // Ends a body that nobody is going to read: the server sees that its client left.
      control.abort();
    },
  };
}
