// SPDX-License-Identifier: AGPL-3.0-only

/** Whether a service can do its work now, and why not. */
export type ServiceHealth =
  | { readonly status: "ok" }
  | { readonly status: "degraded" | "down"; readonly code: string; readonly message: string };

/** Something that runs as long as the box does. Started in order, stopped in the reverse order. */
export interface Service {
  readonly name: string;
  /** Resolves when the service can work. `signal` aborting means: give up starting. */
  start(signal: AbortSignal): Promise<void>;
  /** Idempotent. Leaves no timer, socket, child or file handle behind. */
  stop(): Promise<void>;
  health(): ServiceHealth;
}
