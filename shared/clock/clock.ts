// SPDX-License-Identifier: AGPL-3.0-only

/** A running timer; `cancel` is idempotent. */
export interface Timer {
  cancel(): void;
}

/** Time as a port, so that tests never wait. */
export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC. May jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. Measure durations with this one. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): Timer;
  /** Resolves after `delayMs`, or as soon as `signal` aborts (never rejects). */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
