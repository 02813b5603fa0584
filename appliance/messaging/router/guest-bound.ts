// SPDX-License-Identifier: AGPL-3.0-only

/**
 * How many messages of one guest may wait for an answer. The gateway's limits count a message when its turn comes, which
 * behind a slow model is long after it was taken in: without a bound one guest could have the box busy for hours. Kept
 * in memory; a restart forgets what was waiting, which is at most one bound more.
 */
export interface GuestBound {
  /** Counts a message of a sender; not taken when a guest has as many as may wait. */
  take(sender: string, inboxId: string): GuestPlace;
  /** The gateway let the sender of a counted message in, as a guest or as somebody known. */
  note(inboxId: string, isGuest: boolean): void;
  /** A message has ended, or was never kept. */
  end(inboxId: string): void;
  /** Senders remembered now. */
  readonly size: number;
}

/** Whether there was room, and if not, whether the sender is to be told: once, until nothing of theirs waits. */
export type GuestPlace = { readonly isTaken: true } | { readonly isTaken: false; readonly isToBeTold: boolean };

interface Waiting {
  readonly sender: string;
  count: number;
  isGuest: boolean;
  isTold: boolean;
}

/** Makes a {@link GuestBound}. */
export function createGuestBound(maximumWaiting: number): GuestBound {
  const senders = new Map<string, Waiting>();
  const counted = new Map<string, Waiting>();
  return {
    take(sender, inboxId) {
      const waiting = senders.get(sender) ?? { sender, count: 0, isGuest: false, isTold: false };
      if (waiting.isGuest && waiting.count >= maximumWaiting) {
        const isToBeTold = !waiting.isTold;
        waiting.isTold = true;
        return { isTaken: false, isToBeTold };
      }
      senders.set(sender, waiting);
      counted.set(inboxId, waiting);
      waiting.count += 1;
      return { isTaken: true };
    },
    note(inboxId, isGuest) {
      const waiting = counted.get(inboxId);
      if (waiting !== undefined) waiting.isGuest = isGuest;
    },
    end(inboxId) {
      const waiting = counted.get(inboxId);
      if (waiting === undefined) return;
      counted.delete(inboxId);
      waiting.count -= 1;
      if (waiting.count === 0) senders.delete(waiting.sender);
    },
    get size() {
      return senders.size;
    },
  };
}
