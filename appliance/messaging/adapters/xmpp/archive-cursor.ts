// SPDX-License-Identifier: AGPL-3.0-only
import { toHearthError } from "../../../../shared/errors/index.ts";
import type { AdapterHost } from "../../protocol/index.ts";

/**
 * How far the archive has been taken in, stored with the channel. What is stored may lag behind: a message that is
 * fetched twice is known by its id. It must never run ahead of a message that was not taken.
 */
export interface ArchiveCursor {
  /** The archive id of the last message taken; empty for the beginning; undefined when it is not known. */
  readonly value: string | undefined;
  /** When it was stored last, milliseconds since the epoch, or `fallbackMs`. */
  storedMs(fallbackMs: number): Promise<number>;
  /** Reads what is stored, unless it is known. */
  load(): Promise<void>;
  set(value: string | undefined): void;
  /** Stores it in a second, with what it is then. */
  saveSoon(): Promise<void>;
  /** Stores it now; a failure is logged, and the next time tries again. */
  save(): Promise<void>;
}

const keys = { cursor: "archive-cursor", seen: "seen-ms" } as const;
const saveEveryMs = 1_000;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (value: Uint8Array | null | undefined): string | undefined =>
  value === null || value === undefined ? undefined : new TextDecoder().decode(value);

/** Makes the {@link ArchiveCursor}. `stopped` ends the waiting of `saveSoon`. */
export function createArchiveCursor(host: AdapterHost, stopped: AbortSignal): ArchiveCursor {
  let value: string | undefined;
  let saved: string | undefined;
  let isSaving = false;

  async function save(): Promise<void> {
    if (value === undefined || value === saved) return;
    const current = value;
    try {
      await host.commit({ [keys.cursor]: bytes(current), [keys.seen]: bytes(String(host.now())) });
      saved = current;
    } catch (thrown) {
      host.log("warn", "xmpp-cursor-not-kept", { code: toHearthError(thrown).code });
    }
  }

  return {
    get value() {
      return value;
    },
    async storedMs(fallbackMs) {
      const [stored] = await host.load([keys.seen]);
      return Number(textOf(stored) ?? fallbackMs);
    },
    async load() {
      const [stored] = await host.load([keys.cursor]);
      value ??= textOf(stored);
    },
    set(next) {
      value = next;
    },
    async saveSoon() {
      if (isSaving || stopped.aborted) return;
      isSaving = true;
      await host.sleep(saveEveryMs, stopped);
      isSaving = false;
      await save();
    },
    save,
  };
}
