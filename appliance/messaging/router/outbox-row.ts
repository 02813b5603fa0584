// SPDX-License-Identifier: AGPL-3.0-only
import type { Outbound } from "../protocol/index.ts";
import type { LaneItem } from "./lanes.ts";

export type OutboxState = "queued" | "sending" | "accepted" | "unknown" | "failed";

/** A row that is not settled, as the sender holds it in memory: no text, no address. `id` is the client id. */
export interface OutboxItem extends LaneItem {
  readonly channel: string;
}

/** A row that is being sent. */
export interface OutboxEntry {
  readonly outbound: Outbound;
  readonly state: OutboxState;
  /** Sends begun so far. */
  readonly attempts: number;
  /** Probes answered so far. */
  readonly probes: number;
  readonly createdMs: number;
}

/** A reply to be written. */
export interface OutboxDraft {
  readonly inboxId: string;
  readonly channel: string;
  readonly conversation: string;
  readonly to: string;
  readonly inReplyTo?: string;
  readonly parts: readonly string[];
}
