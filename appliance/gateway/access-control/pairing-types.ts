// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Person } from "./person-types.ts";
import type { Role } from "./types.ts";

/** A stranger who was given a code and waits. The code itself is not shown: who has it proves that they are that stranger. */
export interface PairingRequest {
  readonly id: string;
  readonly channel: string;
  readonly address: string;
  readonly displayName?: string;
  readonly requestedMs: number;
  readonly expiresMs: number;
}

export type PairingResult =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly reason: "code-unknown" | "code-expired" | "person-unknown" };

/** As whom a stranger is let in: somebody new, or one more address of somebody known. */
export type PairingApproval =
  | { readonly role: Exclude<Role, "owner">; readonly name?: string }
  | { readonly person: PersonId };

/** Lets strangers in, one by one, on the owner's word. */
export interface Pairing {
  /** Who waits, oldest first. */
  list(): readonly PairingRequest[];
  approve(code: string, approval: PairingApproval, actor: string): PairingResult;
  /** Turns a stranger away. With `isBlocked` their address gets no answer and no code any more. */
  deny(
    which: { readonly code: string } | { readonly id: string },
    choice: { readonly isBlocked: boolean },
    actor: string,
  ): { readonly ok: true } | { readonly ok: false; readonly reason: "code-unknown" | "code-expired" };
}
