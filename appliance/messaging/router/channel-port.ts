// SPDX-License-Identifier: AGPL-3.0-only
import type { Adapter } from "../protocol/index.ts";

/** A channel as the router sees it while its adapter is loaded. */
export interface AttachedChannel {
  /** Tells the router whether sends make sense now. Becoming ready wakes what waits. */
  setReady(isReady: boolean): void;
  /** Takes the adapter away; what is queued for it waits for the next one. */
  detach(): void;
}

/** Where adapters come and go. */
export interface ChannelPort {
  /** The adapter that sends for a channel from now on; replaces an earlier one. Not ready until it says so. */
  attach(channel: string, adapter: Adapter): AttachedChannel;
}
