// SPDX-License-Identifier: AGPL-3.0-only
import type { Role } from "../../gateway/access-control/index.ts";
import type { KeyOwner } from "../../gateway/encryption/index.ts";
import type { InboundEvent } from "../protocol/index.ts";
import type { LaneItem } from "./lanes.ts";

/** A row that waits for its turn, as the dispatcher holds it in memory: no text, no address. */
export interface InboxItem extends LaneItem {
  readonly channel: string;
  /** Keyed hash of channel and conversation. */
  readonly conversationIndex: string;
  /** A command that waits for nobody, such as `/stop`. */
  readonly isImmediate: boolean;
}

/** A leased row. `epoch` and `attempt` together are the fence: a late worker's commit finds another pair. */
export interface InboxLease {
  readonly id: string;
  readonly channel: string;
  readonly epoch: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** When the message was taken in, by the box's clock. */
  readonly receivedMs: number;
  readonly owner: KeyOwner;
  /** Set once the gateway allowed it; then `event.text` is the cleaned text. */
  readonly role: Role | null;
  readonly event: InboundEvent;
}
