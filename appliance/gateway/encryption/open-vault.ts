// SPDX-License-Identifier: AGPL-3.0-only
import type { Storage } from "../../ops/storage/index.ts";
import { createVault, type ManagedVault } from "./create-vault.ts";
import { loadMasterKey } from "./load-master-key.ts";

export interface OpenVaultOptions {
  readonly home: string;
  readonly storage: Storage;
  readonly passphrase?: string;
}

/** The vault of a data folder: loads the master key (or makes it, if nothing is sealed yet) and wipes it after use. */
export function openVault({ home, storage, passphrase }: OpenVaultOptions): ManagedVault {
  const isExistingVault = storage.database.query("SELECT 1 FROM vault").get() !== null;
  const masterKey = loadMasterKey({ home, isExistingVault, ...(passphrase === undefined ? {} : { passphrase }) });
  try {
    return createVault({ storage, masterKey });
  } finally {
    masterKey.fill(0);
  }
}
