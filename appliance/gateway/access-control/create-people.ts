// SPDX-License-Identifier: AGPL-3.0-only
import { createId, type PersonId } from "../../../shared/ids/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Audit } from "../audit/index.ts";
import type { Vault } from "../encryption/index.ts";
import type { PersonTable } from "./person-table.ts";
import type { NewPerson, People, PersonChanges, PersonResult } from "./person-types.ts";

export interface PeopleDependencies {
  readonly storage: Pick<Storage, "transaction" | "checkpoint">;
  readonly logger: Logger;
  readonly vault: Pick<Vault, "createKey" | "destroyKey">;
  readonly audit: Pick<Audit, "append">;
  readonly table: PersonTable;
  readonly nowMs: () => number;
  /** Deletes what others keep of a person; runs in the transaction that destroys their key. */
  readonly erase?: (person: PersonId) => void;
}

/** Leaves a transaction without keeping anything; never seen outside this file. */
class Refused {
  readonly result: Extract<PersonResult, { ok: false }>;

  constructor(result: Extract<PersonResult, { ok: false }>) {
    this.result = result;
  }
}

export function createPeople({ storage, vault, audit, table, logger, nowMs, erase }: PeopleDependencies): People {
  /** One transaction that a refusal rolls back whole. */
  function change<Result>(work: () => Result): Result | Extract<PersonResult, { ok: false }> {
    try {
      return storage.transaction(work);
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.result;
      throw thrown;
    }
  }

  function refuse(reason: Extract<PersonResult, { ok: false }>["reason"]): never {
    throw new Refused({ ok: false, reason });
  }

  function stored(id: PersonId): PersonResult {
    const person = table.get(id);
    return person === undefined ? { ok: false, reason: "person-unknown" } : { ok: true, person };
  }

  function make({ name, role, identities = [] }: NewPerson, origin: string, actor: string): PersonId {
    const id = createId("person", nowMs());
    audit.append({ actor, action: "person-created", target: id, details: { role, origin } });
    vault.createKey(id);
    table.insert({ id, role, name, origin });
    for (const identity of identities) if (!table.addIdentity(id, identity, "added")) refuse("address-taken");
    return id;
  }

  /** Runs a change unless it would take the last owner away. */
  function keepAnOwner(work: () => void): void {
    const hadOwner = table.ownerIds().length > 0;
    work();
    if (hadOwner && table.ownerIds().length === 0) refuse("last-owner");
  }

  function apply(id: PersonId, changes: PersonChanges, actor: string): void {
    if (table.findPerson(id) === undefined) refuse("person-unknown");
    const { name, role, isBlocked, addIdentities = [], removeIdentities = [] } = changes;
    const details = {
      ...(role === undefined ? {} : { role }),
      ...(isBlocked === undefined ? {} : { isBlocked }),
      isRenamed: name !== undefined,
      addedOn: addIdentities.map((identity) => identity.channel),
      removedOn: removeIdentities.map((identity) => identity.channel),
    };
    audit.append({ actor, action: "person-changed", target: id, details });
    if (name !== undefined) table.setName(id, name);
    if (role !== undefined) table.setRole(id, role);
    if (isBlocked !== undefined) table.setBlocked(id, isBlocked ? nowMs() : null);
    for (const identity of removeIdentities) table.removeIdentity(id, identity);
    for (const identity of addIdentities) if (!table.addIdentity(id, identity, "added")) refuse("address-taken");
  }

  return {
    ensureOwner() {
      return storage.transaction(
        () => table.ownerIds()[0] ?? make({ name: "Owner", role: "owner" }, "first-start", "system"),
      );
    },
    get: table.get,
    list: table.list,
    create: (person, actor) => change(() => stored(make(person, "added", actor))),
    update(id, changes, actor) {
      return change(() => {
        keepAnOwner(() => apply(id, changes, actor));
        return stored(id);
      });
    },
    remove(id, actor) {
      const result = change(() => {
        if (table.findPerson(id) === undefined) refuse("person-unknown");
        audit.append({ actor, action: "person-removed", target: id });
        keepAnOwner(() => {
          table.remove(id);
          erase?.(id);
          vault.destroyKey(id);
        });
        return { ok: true } as const;
      });
      // The overwritten key must not stay in the WAL either. Not to be called inside a larger transaction.
      if (result.ok && !storage.checkpoint()) logger.warn("wal-not-emptied", { person: id });
      return result;
    },
  };
}
