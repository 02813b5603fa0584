// SPDX-License-Identifier: AGPL-3.0-only
import { assertNever } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Role } from "../../gateway/access-control/index.ts";
import type { KeyScope } from "./schemas/keys.ts";

/** A person as far as HTTP needs to know them. */
export interface CallerPerson {
  readonly id: PersonId;
  readonly name: string;
  readonly role: Role;
}

/** Who makes a request, and how they proved it. */
export interface Caller {
  readonly via: "session" | "key" | "control-socket";
  readonly person: CallerPerson;
  /** A key's scopes; a session and the control socket have all that their person's role allows. */
  readonly scopes: readonly KeyScope[];
  /** Whose share of engine and limits it uses. */
  readonly tenant: string;
  /** For the audit log: a person's id, a key's id, or `control-socket`. */
  readonly actor: string;
  readonly csrfToken: string;
  readonly expiresMs: number | null;
}

/** What a route of `/api` asks of its caller. */
export type Need =
  /** Whoever is signed in. */
  | "signed-in"
  /** A person's own things. */
  | "self"
  /** Reading what the box knows: owners and operators. */
  | "read"
  /** Changing the box: owners and operators. */
  | "write";

/**
 * Whether a caller may use a route; deny by default. Role and scope must both allow it: a member's key with `admin` is
 * still a member's.
 */
export function mayCall(caller: Caller, need: Need): boolean {
  const isRunningTheBox = caller.person.role === "owner" || caller.person.role === "operator";
  const isAdmin = caller.via !== "key" || caller.scopes.includes("admin");
  const isReader = isAdmin || caller.scopes.includes("read");
  switch (need) {
    case "signed-in":
      return true;
    case "self":
      return isReader;
    case "read":
      return isReader && isRunningTheBox;
    case "write":
      return isAdmin && isRunningTheBox;
    default:
      return assertNever(need);
  }
}

/** Whether a caller may make, change or act for somebody of a role: only owners touch owners. */
export function mayActOn(caller: Caller, role: Role): boolean {
  if (caller.person.role === "owner") return true;
  return caller.person.role === "operator" && role !== "owner";
}
