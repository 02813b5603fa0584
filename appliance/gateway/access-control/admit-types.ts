// SPDX-License-Identifier: AGPL-3.0-only
import type { ChannelPolicy, Sender } from "./types.ts";

/** One message put before the gateway. */
export interface AdmissionQuestion {
  readonly sender: Sender;
  /** Who may talk on the sender's channel. */
  readonly policy: ChannelPolicy;
  readonly conversation: string;
  readonly isGroup: boolean;
  readonly text: string;
  /** BCP 47, if the channel says one: the language of what the gateway replies. */
  readonly language?: string;
}
