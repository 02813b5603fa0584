// SPDX-License-Identifier: AGPL-3.0-only
import type { ApplianceProcess, HearthHome } from "../../harness/appliance-process.ts";

/** The other side of a channel in a fault test: a person (or program) who does what such a one does after a crash. */
export interface FaultPeer extends AsyncDisposable {
  /** Sends a message; goes on sending it, where the channel's other side would, until it was acknowledged. */
  say(id: string, text: string): void;
  /** Texts of the replies to the message `id`; two of them are a double. */
  repliesTo(id: string): readonly string[];
  /** After the box came back: connects again where that is the peer's part. */
  reconnect(appliance: ApplianceProcess): Promise<void>;
}

/** A channel that fault tests run over. */
export interface FaultChannel {
  readonly name: string;
  /** Why it cannot be tested here; undefined when it can. */
  readonly missing: string | undefined;
  /** Makes what the channel needs and adds it to the (stopped) box. */
  prepare(home: HearthHome): Promise<{ connect(appliance: ApplianceProcess): Promise<FaultPeer> } & AsyncDisposable>;
}
