// SPDX-License-Identifier: AGPL-3.0-only
import type { Storage } from "../../ops/storage/index.ts";
import type { Audit } from "../audit/index.ts";
import type { ValuePlace, Vault } from "../encryption/index.ts";
import type { Identity } from "./person-types.ts";

/** An address that gets neither an answer nor a code. */
export interface BlockedAddress extends Identity {
  readonly blockedMs: number;
  readonly blockedBy: string;
}

/** Addresses that are turned away in silence, known or not. Changes are audited. */
export interface Blocklist {
  has(addressIndex: string): boolean;
  list(): readonly BlockedAddress[];
  block(identity: Identity, actor: string): void;
  /** Whether it was blocked. */
  unblock(identity: Identity, actor: string): boolean;
}

export interface BlocklistDependencies {
  readonly storage: Pick<Storage, "database" | "transaction">;
  readonly vault: Pick<Vault, "seal" | "open">;
  readonly audit: Pick<Audit, "append">;
  readonly addressIndex: (identity: Identity) => string;
  readonly nowMs: () => number;
}

interface BlockedRow {
  readonly address_index: string;
  readonly channel: string;
  readonly sealed_address: Uint8Array;
  readonly blocked_by: string;
  readonly blocked_ms: number;
}

export function createBlocklist({ storage, vault, audit, addressIndex, nowMs }: BlocklistDependencies): Blocklist {
  const { database } = storage;
  const select = database.query<{ found: number }, [string]>(
    "SELECT 1 AS found FROM blocked_addresses WHERE address_index = ?",
  );
  return {
    has: (index) => select.get(index) !== null,
    list() {
      const rows = database.query<BlockedRow, []>("SELECT * FROM blocked_addresses ORDER BY blocked_ms").all();
      return rows.map((row) => ({
        channel: row.channel,
        address: vault.open("system", placeOf(row.address_index), row.sealed_address),
        blockedBy: row.blocked_by,
        blockedMs: row.blocked_ms,
      }));
    },
    block(identity, actor) {
      const index = addressIndex(identity);
      storage.transaction(() => {
        audit.append({
          actor,
          action: "address-blocked",
          target: index.slice(0, 16),
          details: { channel: identity.channel },
        });
        database
          .query(
            `INSERT INTO blocked_addresses (address_index, channel, sealed_address, blocked_by, blocked_ms)
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (address_index) DO NOTHING`,
          )
          .run(index, identity.channel, vault.seal("system", placeOf(index), identity.address), actor, nowMs());
      });
    },
    unblock(identity, actor) {
      const index = addressIndex(identity);
      return storage.transaction(() => {
        if (select.get(index) === null) return false;
        audit.append({
          actor,
          action: "address-unblocked",
          target: index.slice(0, 16),
          details: { channel: identity.channel },
        });
        database.query("DELETE FROM blocked_addresses WHERE address_index = ?").run(index);
        return true;
      });
    },
  };
}

function placeOf(row: string): ValuePlace {
  return { table: "blocked_addresses", row, column: "sealed_address" };
}
