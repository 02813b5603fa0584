// SPDX-License-Identifier: AGPL-3.0-only
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Audit } from "../audit/index.ts";
import type { Vault } from "../encryption/index.ts";
import { createLinks } from "./links.ts";
import { createSessionTable, type SessionRow } from "./session-table.ts";
import type { ConsoleSession, SignIn } from "./sign-in-types.ts";

export interface SignInDependencies {
  readonly storage: Storage;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
  readonly audit: Pick<Audit, "append">;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

export interface SignInOptions {
  /** How long a link can be used. Default: 15 minutes. */
  readonly linkTtlMs?: number;
  /** A session ends when it is not used for this long. Default: 7 days. */
  readonly idleMs?: number;
  /** A session ends after this long, used or not. Default: 30 days. */
  readonly lifetimeMs?: number;
  /** Sessions of one person; the one unused for longest ends when there are more. Default: 20. */
  readonly sessionsPerPerson?: number;
}

const dayMs = 86_400_000;
const seenStepMs = 60_000;
const tokenForm = /^[A-Za-z0-9_-]{43}$/;

export function createSignIn(dependencies: SignInDependencies, options: SignInOptions = {}): SignIn {
  const { storage, vault, audit, clock, logger } = dependencies;
  const { linkTtlMs = 900_000, idleMs = 7 * dayMs, lifetimeMs = 30 * dayMs, sessionsPerPerson = 20 } = options;
  const links = createLinks({ database: storage.database, vault });
  const sessions = createSessionTable({ database: storage.database, vault });

  function live(row: SessionRow | null): SessionRow | undefined {
    if (row === null || row.blocked_ms !== null || row.expires_ms <= clock.now()) return undefined;
    return row;
  }

  function slide(row: SessionRow): void {
    const nowMs = clock.now();
    if (nowMs - row.seen_ms < seenStepMs) return;
    const expiresMs = Math.min(nowMs + idleMs, row.created_ms + lifetimeMs);
    storage
      .groupCommit(() => sessions.touch(row.id, nowMs, expiresMs))
      .catch((thrown: unknown) => {
        // The session stays as it was and is moved on by a later request.
        logger.warn("session-not-extended", { session: row.id, code: toHearthError(thrown).code });
      });
  }

  function begin(person: PersonId, label: string): { readonly session: ConsoleSession; readonly sessionToken: string } {
    const nowMs = clock.now();
    const sessionToken = randomBytes(32).toString("base64url");
    const id = sessions.insert({
      token: sessionToken,
      person,
      // The browser says who it is; it is shown to the owner, and kept short.
      label: label.slice(0, 200),
      nowMs,
      expiresMs: nowMs + Math.min(idleMs, lifetimeMs),
    });
    sessions.keepNewest(person, sessionsPerPerson);
    audit.append({ actor: person, action: "signed-in", target: id });
    return { session: sessions.opened(sessions.byId(id)), sessionToken };
  }

  return {
    createLink(person, actor) {
      const expiresMs = clock.now() + linkTtlMs;
      const token = storage.transaction(() => {
        // Now and then is often enough to forget what has ended, and this is now and then.
        links.sweep(clock.now() - dayMs);
        sessions.sweep(clock.now());
        audit.append({ actor, action: "sign-in-link-created", target: person });
        return links.insert(person, clock.now(), expiresMs);
      });
      return { token, expiresMs };
    },
    useLink(token, label) {
      return storage.transaction(() => {
        const used = tokenForm.test(token)
          ? links.use(token, clock.now())
          : ({ ok: false, reason: "link-unknown" } as const);
        if (!used.ok) return used;
        const { session, sessionToken } = begin(used.person, label);
        return { ok: true, session, sessionToken, csrfToken: csrfTokenOf(sessionToken) };
      });
    },
    authenticate(sessionToken) {
      const row = live(tokenForm.test(sessionToken) ? sessions.byToken(sessionToken) : null);
      if (row === undefined) return undefined;
      slide(row);
      return sessions.opened(row);
    },
    csrfTokenOf,
    isCsrfTokenOf(sessionToken, csrfToken) {
      const expected = Buffer.from(csrfTokenOf(sessionToken));
      const given = Buffer.from(csrfToken);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
    list: (person) =>
      sessions
        .ofPerson(person)
        .filter((row) => live(row) !== undefined)
        .map(sessions.opened),
    revoke(id, actor) {
      return storage.transaction(() => {
        if (sessions.byId(id) === null) return false;
        audit.append({ actor, action: "session-revoked", target: id });
        sessions.remove(id);
        return true;
      });
    },
    revokeAll(person, actor) {
      return storage.transaction(() => {
        links.removeOf(person);
        const rows = sessions.ofPerson(person);
        if (rows.length === 0) return 0;
        audit.append({ actor, action: "sessions-revoked", target: person, details: { count: rows.length } });
        for (const row of rows) sessions.remove(row.id);
        return rows.length;
      });
    },
  };
}

/** Derived from the session's token, which only the browser has: a page of somebody else cannot make it. */
function csrfTokenOf(sessionToken: string): string {
  return createHmac("sha256", sessionToken).update("hearth csrf 1").digest("base64url");
}
