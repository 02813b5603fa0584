// SPDX-License-Identifier: AGPL-3.0-only
import type { Clock } from "../../../shared/clock/index.ts";
import type { Vault } from "../../gateway/encryption/index.ts";
import type { Storage } from "../../ops/storage/index.ts";

/** What the session store needs. */
export interface SessionDeps {
  readonly storage: Pick<Storage, "database" | "transaction">;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
  readonly clock: Pick<Clock, "now">;
}
