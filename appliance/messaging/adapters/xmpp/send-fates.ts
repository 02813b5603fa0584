// SPDX-License-Identifier: AGPL-3.0-only
import type { XmlElement } from "@xmpp/client";

/** What became of a send, as far as stream management has said. */
export type SendFate = "waiting" | "delivered" | "lost";

/** Remembers what stream management says of sent messages, also after nobody waits for it any more. */
export interface SendFates {
  /** A message is about to be sent. Resolves with its fate, or with `waiting` when `signal` aborts. */
  begin(clientId: string, signal: AbortSignal): Promise<SendFate>;
  /** Nobody waits for it any more; its fate is still kept. */
  leave(clientId: string): void;
  note(stanza: XmlElement, fate: SendFate): void;
  of(clientId: string): SendFate | undefined;
  /** Sends that are waited for. */
  readonly waiting: number;
}

/** Makes {@link SendFates} that remember the last `remembered` sends. */
export function createSendFates(remembered = 1_000): SendFates {
  const fates = new Map<string, SendFate>();
  const waiters = new Map<string, (fate: SendFate) => void>();
  return {
    begin(clientId, signal) {
      fates.delete(clientId);
      fates.set(clientId, "waiting");
      for (const old of fates.keys()) {
        if (fates.size <= remembered) break;
        fates.delete(old);
      }
      return new Promise((resolve) => {
        waiters.set(clientId, resolve);
        signal.addEventListener("abort", () => resolve("waiting"), { once: true });
      });
    },
    leave: (clientId) => void waiters.delete(clientId),
    note(stanza, fate) {
      const { id } = stanza.attrs;
      if (stanza.name !== "message" || !id || !fates.has(id)) return;
      fates.set(id, fate);
      waiters.get(id)?.(fate);
    },
    of: (clientId) => fates.get(clientId),
    get waiting() {
      return waiters.size;
    },
  };
}
