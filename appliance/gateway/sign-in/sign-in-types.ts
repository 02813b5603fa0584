// SPDX-License-Identifier: AGPL-3.0-only
import type { Id, PersonId } from "../../../shared/ids/index.ts";
import type { Role } from "../access-control/index.ts";

export type ConsoleSessionId = Id<"console-session">;

/** A browser that is signed in. The role is the person's at this moment. */
export interface ConsoleSession {
  readonly id: ConsoleSessionId;
  readonly person: PersonId;
  readonly role: Role;
  /** What the owner sees in the list of sessions, such as the browser's name. */
  readonly label: string;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly expiresMs: number;
}

/** The link's token goes into the URL's fragment; only its keyed hash is stored. */
export interface SignInLink {
  readonly token: string;
  readonly expiresMs: number;
}

export type SignInResult =
  | {
      readonly ok: true;
      readonly session: ConsoleSession;
      /** For the cookie; only its keyed hash is stored. */
      readonly sessionToken: string;
      readonly csrfToken: string;
    }
  | { readonly ok: false; readonly reason: "link-unknown" | "link-expired" | "link-used" | "person-blocked" };

/** One-time links, and the sessions that they open. */
export interface SignIn {
  createLink(person: PersonId, actor: string): SignInLink;
  /** Exactly one call with a token succeeds, however many come at once. */
  useLink(token: string, label: string): SignInResult;
  /** The session of a cookie; undefined when it has ended. Moves its end on, at most once a minute. */
  authenticate(sessionToken: string): ConsoleSession | undefined;
  csrfTokenOf(sessionToken: string): string;
  /** In constant time. */
  isCsrfTokenOf(sessionToken: string, csrfToken: string): boolean;
  list(person: PersonId): readonly ConsoleSession[];
  /** Whether there was one. */
  revoke(id: ConsoleSessionId, actor: string): boolean;
  /** Ends a person's sessions, and their links that nobody has used. Returns how many sessions there were. */
  revokeAll(person: PersonId, actor: string): number;
}
