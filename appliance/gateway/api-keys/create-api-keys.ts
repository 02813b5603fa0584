// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import { type ApiKeyId, createId, type PersonId } from "../../../shared/ids/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Role } from "../access-control/index.ts";
import type { Audit } from "../audit/index.ts";
import type { Vault } from "../encryption/index.ts";
import { type ApiKey, type ApiKeys, apiKeyScopes } from "./api-key-types.ts";
import { scopesOfRole } from "./scopes-of-role.ts";

export interface ApiKeysDependencies {
  readonly storage: Storage;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
  readonly audit: Pick<Audit, "append">;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

interface KeyRow {
  readonly id: ApiKeyId;
  readonly person_id: PersonId;
  readonly sealed_name: Uint8Array;
  readonly prefix: string;
  readonly scopes: string;
  readonly created_ms: number;
  readonly expires_ms: number | null;
  readonly last_used_ms: number | null;
}

type HolderRow = KeyRow & { readonly role: Role; readonly blocked_ms: number | null };

const scopesSchema = z.array(z.enum(apiKeyScopes));
/** 256 random bits in base64url. */
const secretForm = /^hk_[A-Za-z0-9_-]{43}$/;
const usedStepMs = 60_000;

export function createApiKeys({ storage, vault, audit, clock, logger }: ApiKeysDependencies): ApiKeys {
  const { database } = storage;
  // Looked up by a keyed hash of the secret: how long the look-up takes says nothing about any secret.
  const hashOf = (secret: string): string => vault.blindIndex("api-key", secret);
  const selectHolder = database.query<HolderRow, [string]>(
    `SELECT api_keys.*, people.role, people.blocked_ms FROM api_keys JOIN people ON people.id = api_keys.person_id
     WHERE api_keys.secret_hash = ?`,
  );
  const selectRole = database.query<{ role: Role }, [string]>("SELECT role FROM people WHERE id = ?");

  function keyOf(row: KeyRow): ApiKey {
    return {
      id: row.id,
      name: vault.open(row.person_id, { table: "api_keys", row: row.id, column: "sealed_name" }, row.sealed_name),
      prefix: row.prefix,
      scopes: parseJson(row.scopes, scopesSchema, `scopes of key ${row.id}`),
      personId: row.person_id,
      createdMs: row.created_ms,
      expiresMs: row.expires_ms,
      lastUsedMs: row.last_used_ms,
    };
  }

  /** Written at most once a minute, after the request that used it has gone on. */
  function noteUse(row: HolderRow): void {
    const nowMs = clock.now();
    if (row.last_used_ms !== null && nowMs - row.last_used_ms < usedStepMs) return;
    storage
      .groupCommit(() => database.query("UPDATE api_keys SET last_used_ms = ? WHERE id = ?").run(nowMs, row.id))
      .catch((thrown: unknown) => {
        // Only a display is behind: the key itself was checked.
        logger.warn("key-use-not-written", { key: row.id, code: toHearthError(thrown).code });
      });
  }

  return {
    create({ name, scopes, personId, expiresMs }, actor) {
      return storage.transaction(() => {
        const person = selectRole.get(personId);
        if (person === null) return { ok: false, reason: "person-unknown" } as const;
        const possible = scopesOfRole(person.role);
        if (scopes.some((scope) => !possible.includes(scope)))
          return { ok: false, reason: "scope-above-role" } as const;
        const nowMs = clock.now();
        const id = createId("api-key", nowMs);
        const secret = `hk_${randomBytes(32).toString("base64url")}`;
        const prefix = secret.slice(0, 7);
        const kept = apiKeyScopes.filter((scope) => scopes.includes(scope));
        audit.append({ actor, action: "key-created", target: id, details: { person: personId, scopes: kept } });
        const sealedName = vault.seal(personId, { table: "api_keys", row: id, column: "sealed_name" }, name);
        database
          .query(
            `INSERT INTO api_keys (id, person_id, sealed_name, prefix, secret_hash, scopes, created_ms, expires_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(id, personId, sealedName, prefix, hashOf(secret), JSON.stringify(kept), nowMs, expiresMs ?? null);
        const common = { id, name, prefix, scopes: kept, personId, createdMs: nowMs, lastUsedMs: null };
        return { ok: true, secret, key: { ...common, expiresMs: expiresMs ?? null } } as const;
      });
    },
    list(personId) {
      const rows = database.query<KeyRow, []>("SELECT * FROM api_keys ORDER BY created_ms DESC, id DESC").all();
      return rows.filter((row) => personId === undefined || row.person_id === personId).map(keyOf);
    },
    revoke(id, actor) {
      return storage.transaction(() => {
        if (database.query("SELECT 1 FROM api_keys WHERE id = ?").get(id) === null) return false;
        audit.append({ actor, action: "key-revoked", target: id });
        database.query("DELETE FROM api_keys WHERE id = ?").run(id);
        return true;
      });
    },
    verify(secret) {
      const row = secretForm.test(secret) ? selectHolder.get(hashOf(secret)) : null;
      if (row === null) return { isValid: false, reason: "key-unknown" };
      if (row.expires_ms !== null && row.expires_ms <= clock.now()) return { isValid: false, reason: "key-expired" };
      if (row.blocked_ms !== null) return { isValid: false, reason: "person-blocked" };
      noteUse(row);
      // The person may have been given a lower role since: the key goes down with them.
      const possible = scopesOfRole(row.role);
      const scopes = parseJson(row.scopes, scopesSchema, `scopes of key ${row.id}`).filter((scope) =>
        possible.includes(scope),
      );
      return {
        isValid: true,
        holder: { keyId: row.id, person: row.person_id, role: row.role, scopes, expiresMs: row.expires_ms },
      };
    },
  };
}
