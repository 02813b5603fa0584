// SPDX-License-Identifier: AGPL-3.0-only
import type { ChannelPolicy } from "../../gateway/access-control/index.ts";
import type { ConnectionState } from "../protocol/index.ts";

/** A channel as it is stored. */
export interface ChannelRecord {
  readonly name: string;
  /** The adapter's manifest id. */
  readonly kind: string;
  readonly policy: ChannelPolicy;
  readonly isEnabled: boolean;
  /** With its secrets: never leaves the box, never goes into a log. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The last state that its adapter reported. */
  readonly connection: ConnectionState;
}

/** A channel as people may see it. */
export interface ChannelView extends Omit<ChannelRecord, "config"> {
  /** Web chat and the OpenAI API: always there. */
  readonly isBuiltIn: boolean;
  /** The configuration without its secrets. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the secrets that are set. */
  readonly secretsSet: readonly string[];
  readonly lastReceivedMs: number | null;
  /** Replies that wait to be sent. */
  readonly pending: number;
}
