// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { StepObserver } from "../../../shared/lifecycle/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Agent } from "../../agent/turns/index.ts";
import type { Admission, ChannelPolicy, Sender } from "../../gateway/access-control/index.ts";
import type { Vault } from "../../gateway/encryption/index.ts";
import type { Storage } from "../../ops/storage/index.ts";

/** The part of the storage that the message path uses. */
export type MessageStorage = Pick<Storage, "database" | "transaction" | "groupCommit">;

/** The part of the vault that the message path uses. */
export type MessageVault = Pick<Vault, "seal" | "open" | "openBytes" | "blindIndex">;

/** One message put before the gateway. */
export interface GateQuestion {
  readonly sender: Sender;
  readonly policy: ChannelPolicy;
  readonly conversation: string;
  readonly isGroup: boolean;
  readonly text: string;
  /** BCP 47, if the channel says one: the language of what the gateway replies. */
  readonly language?: string;
}

/** The gateway's door for messages. Synchronous: it is called inside the transaction that records its word. */
export interface MessageGate {
  admit(question: GateQuestion): Admission;
}

/** One count of `hearth_messages_total`. */
export interface MessageCount {
  readonly channel: string;
  readonly direction: "in" | "out";
  readonly outcome: string;
}

/** What the router needs. */
export interface RouterDeps {
  readonly storage: MessageStorage;
  readonly vault: MessageVault;
  readonly gateway: MessageGate;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Crash points of the fault tests. */
  readonly reached: StepObserver;
  /** Who may talk on a channel; asked once a message. */
  readonly policyOf: (channel: string) => ChannelPolicy;
  /** Uniform in [0, 1), for jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Counts messages for the metrics. */
  readonly observe?: (count: MessageCount) => void;
}

/** Limits and times of the router. All have defaults. */
export interface RouterOptions {
  /** Channels inside the box whose sender address is an authenticated person id. Default: `web-chat` and `api`. */
  readonly inBoxChannels?: readonly string[];
  /** Turns that run at once; the engine batches them. Default: 64. */
  readonly maximumConcurrentTurns?: number;
  /** Conversations a channel sends to at once. Default: 32. */
  readonly maximumConcurrentSends?: number;
  /** Attempts before a message is a dead letter. Default: 5. */
  readonly maximumAttempts?: number;
  /** Channels whose sender waits on the line and tries again: told at once that the engine is away. Default: `api`. */
  readonly impatientChannels?: readonly string[];
  /**
   * Messages of one guest of an open channel that may wait for an answer; more are refused at once. Default: 30.
   */
  readonly maximumWaitingPerGuest?: number;
  /** How long a message waits for an engine that is away before the sender gets an apology. Default: 24 hours. */
  readonly engineWaitMs?: number;
  /** A turn that says nothing for so long is taken for hung. Default: 10 minutes. */
  readonly leaseMs?: number;
  /** Longest time for one send or probe. Default: 30 seconds. */
  readonly sendTimeoutMs?: number;
  /** How long sends are repeated that the other side asked to repeat. Default: 3 days. */
  readonly giveUpMs?: number;
  /** Ended rows are kept for so long before only their event id remains. Default: 24 hours. */
  readonly retentionMs?: number;
  /** How long event ids are remembered. Default: 30 days. */
  readonly tombstoneMs?: number;
}
