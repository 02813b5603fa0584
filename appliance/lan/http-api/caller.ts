// SPDX-License-Identifier: AGPL-3.0-only
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
  /** A key's scopes. A session and the control socket have none and may do all that their person's role allows. */
  readonly scopes: readonly KeyScope[];
  /** Whose share of engine and limits it uses. */
  readonly tenant: string;
  /** For the audit log: a person's id, a key's id, or `control-socket`. */
  readonly actor: string;
  readonly csrfToken: string;
  readonly expiresMs: number | null;
}
