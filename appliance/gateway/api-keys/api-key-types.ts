// SPDX-License-Identifier: AGPL-3.0-only
import type { ApiKeyId, PersonId } from "../../../shared/ids/index.ts";
import type { Role } from "../access-control/index.ts";

/**
 * What a key may do: `models` the bare models of `/v1`, `agent` the model `hearth`, `metrics` reads `/metrics`, `read`
 * reads `/api`, `admin` everything.
 */
export const apiKeyScopes = ["models", "agent", "metrics", "read", "admin"] as const;

export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** A key without its secret. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  /** Its first characters, such as `hk_3fKq`. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly personId: PersonId;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  /** To the minute. */
  readonly lastUsedMs: number | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly personId: PersonId;
  /** Absent: it does not expire. */
  readonly expiresMs?: number;
}

/** Who a valid key speaks for. The role is the person's at this moment. */
export interface ApiKeyHolder {
  readonly keyId: ApiKeyId;
  readonly person: PersonId;
  readonly role: Role;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresMs: number | null;
}

export type ApiKeyVerification =
  | { readonly isValid: true; readonly holder: ApiKeyHolder }
  | { readonly isValid: false; readonly reason: "key-unknown" | "key-expired" | "person-blocked" };

export interface ApiKeys {
  /** The secret is in the answer and nowhere else: only its keyed hash is stored. */
  create(
    key: NewApiKey,
    actor: string,
  ):
    | { readonly ok: true; readonly secret: string; readonly key: ApiKey }
    | { readonly ok: false; readonly reason: "person-unknown" | "scope-above-role" };
  /** All, or one person's, newest first; revoked ones are gone. */
  list(personId?: PersonId): readonly ApiKey[];
  /** From now on the key opens nothing. Whether there was one. */
  revoke(id: ApiKeyId, actor: string): boolean;
  verify(secret: string): ApiKeyVerification;
}
