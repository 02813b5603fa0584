// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";

/** What a person is to the box. A guest may ask and be answered, nothing else. */
export type Role = "owner" | "operator" | "member" | "guest";

/** Who may talk on a channel. `closed`: only people who are known; `pairing`: strangers get a code; `anyone`: guests, reply-only. */
export type ChannelPolicy = "closed" | "pairing" | "anyone";

/** A sender as an adapter saw it. */
export interface Sender {
  /** Name of the channel, such as `xmpp` or the name of a webhook. */
  readonly channel: string;
  /** Stable address of the sender on that channel. */
  readonly address: string;
  readonly displayName?: string;
  /** Whether the channel itself vouches for the address. */
  readonly isVerified: boolean;
  /**
   * Set by the router only, and only for channels inside the box (web chat, API), where a session or a key has already
   * proved who it is. Never taken from an adapter.
   */
  readonly authenticatedPerson?: PersonId;
}

/** Why a message was or was not taken; shown by `hearth` and written to the log. */
export type AdmissionReason =
  | "known-person"
  | "anyone-reply-only"
  | "paired-by-code"
  | "unknown-sender"
  | "pairing-offered"
  | "pairing-already-offered"
  | "blocked"
  | "rate-limited"
  | "too-large"
  | "empty";

/** The gateway's word on one inbound message. */
export type Admission =
  | {
      readonly isAllowed: true;
      readonly person: PersonId;
      readonly role: Role;
      readonly reason: AdmissionReason;
      /** One sentence for an operator, with the rule that decided. */
      readonly explanation: string;
      /** The text after cleaning: this, not the raw text, goes on. */
      readonly text: string;
      /** Codes of what cleaning found, such as `bidi-controls-removed`. */
      readonly findings: readonly string[];
    }
  | {
      readonly isAllowed: false;
      readonly reason: AdmissionReason;
      readonly explanation: string;
      /** What to answer the sender, if anything. The gateway limits how often it says this. */
      readonly reply?: string;
      readonly retryAfterMs?: number;
    };
