// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Role } from "./types.ts";

/** A stable address of somebody on a channel. */
export interface Identity {
  readonly channel: string;
  readonly address: string;
}

/** How an address came to belong to a person. Those made by the policy `anyone` count only while it holds. */
export type IdentityOrigin = "pairing" | "anyone" | "added";

/** Somebody the box knows. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
  readonly isBlocked: boolean;
  readonly createdMs: number;
  readonly lastSeenMs: number | null;
  readonly identities: readonly Identity[];
}

export interface NewPerson {
  readonly name: string;
  readonly role: Role;
  readonly identities?: readonly Identity[];
}

export interface PersonChanges {
  readonly name?: string;
  readonly role?: Role;
  readonly isBlocked?: boolean;
  readonly addIdentities?: readonly Identity[];
  readonly removeIdentities?: readonly Identity[];
}

/** Outcome of a change; `last-owner`: it would leave the box without an owner who can get in. */
export type PersonResult =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly reason: "person-unknown" | "address-taken" | "last-owner" };

/** The people of the box. Every change is written to the audit log, in the same transaction. */
export interface People {
  /** The first owner, made at the first start. */
  ensureOwner(): PersonId;
  get(id: PersonId): Person | undefined;
  /** All of them, oldest first. */
  list(): readonly Person[];
  /** `actor` is who does it, for the audit log: a person id, `control-socket` or `system`. */
  create(person: NewPerson, actor: string): PersonResult;
  update(id: PersonId, changes: PersonChanges, actor: string): PersonResult;
  /** Forgets somebody: their key is destroyed, so that what was sealed for them is unreadable from then on. */
  remove(id: PersonId, actor: string): { readonly ok: true } | Extract<PersonResult, { ok: false }>;
}
