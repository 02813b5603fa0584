// SPDX-License-Identifier: AGPL-3.0-only
import type {
  AdapterManifest,
  ChatCapabilities,
  InboundEvent,
  Outbound,
} from "../../../appliance/messaging/protocol/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { ChannelBench, ChannelBenchOptions } from "../../fixtures/messaging/channel-bench.ts";

/** What the other side of a channel got. */
export interface ArrivedReply {
  readonly text: string;
}

/** A box with one channel and the real (or nearest to real) other side of it. */
export interface AdapterRig extends AsyncDisposable {
  readonly bench: ChannelBench;
  /** Name of the channel under test. */
  readonly channel: string;
  /** The other side says something, in one conversation. The same id again is a redelivery. */
  say(id: string, text: string): Promise<void>;
  /** What arrived, each once for an other side that keeps to the channel's rules about repetition. */
  replies(): readonly ArrivedReply[];
  /** Grows when the other side is told that something has arrived. */
  acknowledgements(): number;
  /** Breaks the connection without a word; undefined where there is none. */
  readonly breakConnection?: () => Promise<void>;
  /** Connections that were opened so far, and those that are open now. */
  connections(): { readonly opened: number; readonly open: number };
  /** From now on the other side takes replies, but its answer does not get through. Undefined where they are one. */
  readonly swallowAnswers?: () => { restore(): Promise<void> };
  /** Whether the other side saw that an answer is being written. */
  sawTyping(): boolean;
  /** Whether the sender was given a receipt of the channel's own. */
  sawReceipt(): boolean;
}

/** What may be changed of a rig's box. */
export type RigOptions = Pick<ChannelBenchOptions, "turn" | "reached" | "routerOptions"> & { readonly logger?: Logger };

/** A frame and what it decodes to. */
export interface DecodeVector {
  readonly name: string;
  readonly frame: string;
  /** Undefined: nothing to be answered. */
  readonly event: Partial<InboundEvent> | undefined;
}

/** An adapter under test. */
export interface AdapterCase {
  readonly manifest: AdapterManifest;
  makeRig(options?: RigOptions): Promise<AdapterRig>;
  /** Text that must be in no log line. */
  readonly secrets: readonly string[];
  /** Decodes a frame; undefined when there is nothing to be answered. Never throws. */
  decode(frame: string): InboundEvent | undefined;
  readonly decodeVectors: readonly DecodeVector[];
  /** What a reply looks like on the wire. */
  encode(outbound: Outbound): string;
  readonly encodeVectors: readonly { readonly outbound: Outbound; readonly frame: string }[];
  /** Features that the suite need not see because the channel has no such thing; each with the level it declares. */
  readonly capabilities: ChatCapabilities;
}
