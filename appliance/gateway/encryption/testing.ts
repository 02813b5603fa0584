// SPDX-License-Identifier: AGPL-3.0-only
import { join } from "node:path";
import { type ManualClock, manualClock, temporaryDirectory } from "../../../shared/testing/index.ts";
import { openStorage, type Storage } from "../../ops/storage/index.ts";
import { createVault, type ManagedVault } from "./create-vault.ts";

/** A fresh database and its vault in a temporary folder, with a clock that moves only when told to. */
export interface TestBox extends Disposable {
  readonly home: string;
  readonly storage: Storage;
  readonly vault: ManagedVault;
  readonly clock: ManualClock;
}

/** For tests: `using box = openTestBox()`. The master key is always the same. */
export function openTestBox(): TestBox {
  const directory = temporaryDirectory();
  const clock = manualClock();
  const storage = openStorage({ path: join(directory.path, "hearth.db"), nowMs: clock.now });
  // Power cuts are not what a unit test is about, and waiting for the disk is most of its time.
  storage.database.exec("PRAGMA synchronous = OFF");
  const vault = createVault({ storage, masterKey: new Uint8Array(32).fill(7), nowMs: clock.now });
  return {
    home: directory.path,
    storage,
    vault,
    clock,
    [Symbol.dispose]() {
      vault.close();
      storage.close();
      directory[Symbol.dispose]();
    },
  };
}
