// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { ValuePlace, Vault } from "../encryption/index.ts";
import type { Identity, IdentityOrigin, Person } from "./person-types.ts";
import type { Role } from "./types.ts";

/** Who an address belongs to, as the gateway needs it for each message. */
export interface KnownSender {
  readonly person: PersonId;
  readonly role: Role;
  readonly origin: IdentityOrigin;
  readonly isBlocked: boolean;
}

interface PersonRow {
  readonly id: PersonId;
  readonly role: Role;
  readonly sealed_name: Uint8Array;
  readonly created_ms: number;
  readonly seen_ms: number | null;
  readonly blocked_ms: number | null;
}

interface IdentityRow {
  readonly address_index: string;
  readonly person_id: PersonId;
  readonly channel: string;
  readonly sealed_address: Uint8Array;
}

type SenderRow = { id: PersonId; role: Role; origin: IdentityOrigin; blocked_ms: number | null };

/** Reads and writes of `people` and `identities`; knows no rule. Callers hold the transaction. */
export interface PersonTable {
  /**
   * What an address is looked up by. One that its channel does not vouch for has an index of its own, so that it is never
   * the person who has that address.
   */
  addressIndex(identity: Identity, isVerified?: boolean): string;
  findSender(addressIndex: string): KnownSender | undefined;
  findPerson(id: PersonId): KnownSender | undefined;
  get(id: PersonId): Person | undefined;
  list(): readonly Person[];
  insert(person: { readonly id: PersonId; readonly role: Role; readonly name: string; readonly origin: string }): void;
  setName(id: PersonId, name: string): void;
  setRole(id: PersonId, role: Role): void;
  setBlocked(id: PersonId, blockedMs: number | null): void;
  setSeen(id: PersonId, seenMs: number): void;
  remove(id: PersonId): void;
  /** Gives an address to a person; false when it is somebody else's for good. A guest's by `anyone` can be taken over. */
  addIdentity(id: PersonId, identity: Identity, origin: IdentityOrigin, isVerified?: boolean): boolean;
  removeIdentity(id: PersonId, identity: Identity): void;
  /** Owners who are not blocked. */
  ownerIds(): readonly PersonId[];
}

export interface PersonTableDependencies {
  readonly storage: Pick<Storage, "database">;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
  readonly nowMs: () => number;
}

export function createPersonTable({ storage, vault, nowMs }: PersonTableDependencies): PersonTable {
  const { database } = storage;
  const bySender = database.query<SenderRow, [string]>(
    `SELECT people.id, people.role, identities.origin, people.blocked_ms
     FROM identities JOIN people ON people.id = identities.person_id WHERE identities.address_index = ?`,
  );
  const byId = database.query<PersonRow, [string]>("SELECT * FROM people WHERE id = ?");
  const allIdentities = database.query<IdentityRow, []>("SELECT * FROM identities ORDER BY created_ms, rowid");
  const identitiesOf = database.query<IdentityRow, [string]>(
    "SELECT * FROM identities WHERE person_id = ? ORDER BY created_ms, rowid",
  );
  const markSeen = database.query("UPDATE people SET seen_ms = max(coalesce(seen_ms, 0), ?) WHERE id = ?");

  const addressIndex = (identity: Identity, isVerified = true): string =>
    vault.blindIndex(
      isVerified ? "identity" : "unverified-identity",
      JSON.stringify([identity.channel, identity.address]),
    );

  function personOf(row: PersonRow, identities: readonly IdentityRow[]): Person {
    return {
      id: row.id,
      name: vault.open(row.id, namePlace(row.id), row.sealed_name),
      role: row.role,
      isBlocked: row.blocked_ms !== null,
      createdMs: row.created_ms,
      lastSeenMs: row.seen_ms,
      identities: identities.map((identity) => ({
        channel: identity.channel,
        address: vault.open(row.id, addressPlace(identity.address_index), identity.sealed_address),
      })),
    };
  }

  return {
    addressIndex,
    findSender(index) {
      const row = bySender.get(index);
      if (row === null) return undefined;
      return { person: row.id, role: row.role, origin: row.origin, isBlocked: row.blocked_ms !== null };
    },
    findPerson(id) {
      const row = byId.get(id);
      if (row === null) return undefined;
      return { person: row.id, role: row.role, origin: "added", isBlocked: row.blocked_ms !== null };
    },
    get(id) {
      const row = byId.get(id);
      return row === null ? undefined : personOf(row, identitiesOf.all(id));
    },
    list() {
      const identities = Map.groupBy(allIdentities.all(), (row) => row.person_id);
      const rows = database.query<PersonRow, []>("SELECT * FROM people ORDER BY created_ms, rowid").all();
      return rows.map((row) => personOf(row, identities.get(row.id) ?? []));
    },
    insert({ id, role, name, origin }) {
      database
        .query("INSERT INTO people (id, role, sealed_name, origin, created_ms) VALUES (?, ?, ?, ?, ?)")
        .run(id, role, vault.seal(id, namePlace(id), name), origin, nowMs());
    },
    setName: (id, name) =>
      void database
        .query("UPDATE people SET sealed_name = ? WHERE id = ?")
        .run(vault.seal(id, namePlace(id), name), id),
    setRole: (id, role) => void database.query("UPDATE people SET role = ? WHERE id = ?").run(role, id),
    setBlocked: (id, blockedMs) =>
      void database.query("UPDATE people SET blocked_ms = ? WHERE id = ?").run(blockedMs, id),
    setSeen: (id, seenMs) => void markSeen.run(seenMs, id),
    remove: (id) => void database.query("DELETE FROM people WHERE id = ?").run(id),
    addIdentity(id, identity, origin, isVerified = true) {
      const index = addressIndex(identity, isVerified);
      const holder = bySender.get(index);
      if (holder !== null && holder.id !== id && holder.origin !== "anyone") return false;
      const sealed = vault.seal(id, addressPlace(index), identity.address);
      database
        .query(
          `INSERT INTO identities (address_index, person_id, channel, sealed_address, origin, created_ms)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (address_index) DO UPDATE SET
           person_id = excluded.person_id, sealed_address = excluded.sealed_address, origin = excluded.origin`,
        )
        .run(index, id, identity.channel, sealed, origin, nowMs());
      return true;
    },
    removeIdentity: (id, identity) =>
      void database
        .query("DELETE FROM identities WHERE address_index = ? AND person_id = ?")
        .run(addressIndex(identity), id),
    ownerIds() {
      const select = "SELECT id FROM people WHERE role = 'owner' AND blocked_ms IS NULL ORDER BY created_ms, rowid";
      return database
        .query<{ id: PersonId }, []>(select)
        .all()
        .map((row) => row.id);
    },
  };
}

function namePlace(id: PersonId): ValuePlace {
  return { table: "people", row: id, column: "sealed_name" };
}

function addressPlace(addressIndex: string): ValuePlace {
  return { table: "identities", row: addressIndex, column: "sealed_address" };
}
