// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";

/** What a session belongs to: one person in one conversation of one channel, and a key where a client names one. */
export interface SessionAddress {
  readonly person: PersonId;
  readonly channel: string;
  readonly conversation: string;
  readonly sessionKey?: string;
}

/** The address as one string; a JSON array, so that no two addresses make the same one. */
export function sessionAddressText(address: SessionAddress): string {
  return JSON.stringify([address.person, address.channel, address.conversation, address.sessionKey ?? null]);
}
