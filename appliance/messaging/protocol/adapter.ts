// SPDX-License-Identifier: AGPL-3.0-only

import type { InboundEvent } from "./inbound.ts";
import type { AdapterManifest, ChatCapabilities } from "./manifest.ts";
import type { Outbound, SendResult } from "./outbound.ts";

/** State of an account's connection. Failures come through here, never as exceptions. */
export interface ConnectionState {
  readonly status: "offline" | "connecting" | "online" | "degraded" | "locked" | "logged-out";
  /** Stable code of why, such as `not-authorized`. */
  readonly code?: string;
  /** For the operator. */
  readonly message?: string;
  readonly retryAtMs?: number;
}

/** One step of a log-in, shown to the owner. */
export type LoginStep =
  | { readonly kind: "qr"; readonly data: string; readonly expiresInMs: number }
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "input"; readonly schema: Readonly<Record<string, unknown>> }
  | { readonly kind: "done"; readonly account: string }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

/** Protocol state to be written: key → bytes, or null to delete. */
export type StatePuts = Readonly<Record<string, Uint8Array | null>>;

/** What the box gives an adapter. */
export interface AdapterHost {
  /**
   * Takes an event in. Resolves when its inbox row is committed; only then may the adapter acknowledge upstream.
   * A repeated `eventId` resolves with `isDuplicate` and changes nothing.
   */
  admit(event: InboundEvent): Promise<{ readonly isDuplicate: boolean; readonly inboxId: string }>;
  /** Protocol state and inbox rows in one transaction. */
  commit(puts: StatePuts, admits?: readonly InboundEvent[]): Promise<void>;
  /** The stored protocol state of this account; missing keys are null. */
  load(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  state(state: ConnectionState): void;
  login(step: LoginStep): void;
  /** An outbox message's later fate (delivered, read, failed), by the client id it was sent with. */
  receipt(clientId: string, state: "delivered" | "read" | "failed"): void;
  /** Whether an address is known on this channel, as for requests to see when the box is there. Absent: nobody is. */
  knows?(address: string): boolean;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  log(
    level: "debug" | "info" | "warn" | "error",
    event: string,
    fields?: Readonly<Record<string, string | number | boolean>>,
  ): void;
  /** To be called once the other side was told that an admitted event has arrived: a crash point of the fault tests. */
  acknowledged?(): void;
  now(): number;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** That an answer is being written, or no longer is. */
export interface TypingNotice {
  readonly conversation: string;
  readonly to: string;
  readonly isTyping: boolean;
}

/** One connected account of a channel. `decode` and `encode` of a protocol are pure functions beside it. */
export interface Adapter {
  /** Begins to connect and keeps trying until `disconnect`; returns at once or when the first attempt is decided. */
  connect(): Promise<void>;
  /** Stops within `graceMs`; leaves no timer, socket or file behind. */
  disconnect(graceMs: number): Promise<void>;
  /** A send that may have happened is `unknown`; the router probes it and never repeats it blindly. */
  send(outbound: Outbound, signal: AbortSignal): Promise<SendResult>;
  /** Whether an `unknown` send arrived. Absent: cannot be known. */
  probe?(outbound: Outbound, signal: AbortSignal): Promise<SendResult>;
  capabilities(conversation: string): ChatCapabilities;
  /** Shows that an answer is being written. Best effort: never throws, nothing depends on it. */
  showTyping?(notice: TypingNotice): void;
  health(): { readonly lastReceivedMs: number | null; readonly pending: number };
}

/** A channel's code: data that is read before any of it runs, and a factory. */
export interface AdapterModule {
  readonly manifest: AdapterManifest;
  /**
   * Checks a configuration beyond what `manifest.configSchema` can say, without connecting, and fills in defaults.
   * @throws when it does not fit.
   */
  parseConfig?(config: unknown): Readonly<Record<string, unknown>>;
  /** @throws when `config` does not fit `manifest.configSchema`. */
  create(host: AdapterHost, config: unknown): Adapter;
}
