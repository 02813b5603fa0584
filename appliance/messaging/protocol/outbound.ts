// SPDX-License-Identifier: AGPL-3.0-only

/** One message to be sent. */
export interface Outbound {
  /** Our own id of it, the same at every attempt; adapters use it as the idempotency key where the channel has one. */
  readonly clientId: string;
  readonly conversation: string;
  /** Address of the person it is for. */
  readonly to: string;
  readonly text: string;
  /** The channel's id of the message that this answers. */
  readonly inReplyTo?: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

/** What became of a send. */
export type SendResult =
  | { readonly status: "accepted"; readonly messageId?: string }
  | { readonly status: "duplicate"; readonly messageId?: string }
  /** It may have happened. */
  | { readonly status: "unknown"; readonly code: string }
  | { readonly status: "retry"; readonly afterMs: number; readonly code: string }
  | { readonly status: "rejected"; readonly code: string; readonly message: string };
