// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { StatePuts } from "../protocol/index.ts";
import type { MessageStorage, MessageVault } from "../router/index.ts";
import type { ChannelErrorCode } from "./channel-error.ts";

/** Protocol state of adapters, sealed; keys are hashed, because they may hold addresses. */
export interface AdapterStateStore {
  /** To be called in a transaction. @throws HearthError `state-too-large` */
  put(channel: string, puts: StatePuts): void;
  load(channel: string, keys: readonly string[]): (Uint8Array | null)[];
}

/** Largest value of one key. */
const maximumValueBytes = 1024 * 1024;

/** Makes the {@link AdapterStateStore} over tables of migration 0002. */
export function createAdapterStateStore(storage: MessageStorage, vault: MessageVault): AdapterStateStore {
  const { database } = storage;
  const save = database.query<unknown, [string, string, Uint8Array]>(
    `INSERT INTO adapter_state (channel, key_index, value) VALUES (?1, ?2, ?3)
     ON CONFLICT (channel, key_index) DO UPDATE SET value = excluded.value`,
  );
  const remove = database.query<unknown, [string, string]>(
    "DELETE FROM adapter_state WHERE channel = ?1 AND key_index = ?2",
  );
  const find = database.query<{ value: Uint8Array }, [string, string]>(
    "SELECT value FROM adapter_state WHERE channel = ?1 AND key_index = ?2",
  );
  const indexOf = (channel: string, key: string): string => vault.blindIndex("adapter-state", `${channel}\0${key}`);
  const placeOf = (channel: string, index: string) => ({
    table: "adapter_state",
    row: `${channel}/${index}`,
    column: "value",
  });

  return {
    put(channel, puts) {
      for (const [key, value] of Object.entries(puts)) {
        const index = indexOf(channel, key);
        if (value === null) remove.run(channel, index);
        else if (value.length <= maximumValueBytes)
          save.run(channel, index, vault.seal("system", placeOf(channel, index), value));
        else
          throw new HearthError<ChannelErrorCode>({
            code: "state-too-large",
            message: `a value of ${value.length} bytes for the state of channel ${channel} is over ${maximumValueBytes}`,
          });
      }
    },
    load: (channel, keys) =>
      keys.map((key) => {
        const index = indexOf(channel, key);
        const row = find.get(channel, index);
        return row === null ? null : vault.openBytes("system", placeOf(channel, index), row.value);
      }),
  };
}
