// SPDX-License-Identifier: AGPL-3.0-only
import { HearthError } from "../../../shared/errors/index.ts";
import type { ApiKeyId, PersonId } from "../../../shared/ids/index.ts";
import type { People, Person } from "../../gateway/access-control/index.ts";
import type { ApiKey, ApiKeys } from "../../gateway/api-keys/index.ts";
import type { RateLimiter } from "../../gateway/rate-limit/index.ts";
import type { SignIn } from "../../gateway/sign-in/index.ts";
import type { ApiServices, CallerPerson } from "../../lan/http-api/index.ts";

/** API keys of the gateway as HTTP uses and shows them. */
export function createApiKeyService(keys: ApiKeys, people: People, limiter: RateLimiter): ApiServices["apiKeys"] {
  return {
    authenticate(secret) {
      const verification = keys.verify(secret);
      if (!verification.isValid) return null;
      const { holder } = verification;
      const person = people.get(holder.person);
      if (person === undefined) return null;
      return { id: holder.keyId, person: callerOf(person), scopes: holder.scopes, expiresMs: holder.expiresMs };
    },
    list: () => keys.list().map(toApiKey),
    create({ name, scopes, personId, expiresMs }, actor) {
      const result = keys.create({ name, scopes, personId, ...(expiresMs === null ? {} : { expiresMs }) }, actor);
      if (!result.ok) throw keyRefusal(result.reason);
      return { ...toApiKey(result.key), key: result.secret };
    },
    remove(id, actor) {
      if (!keys.revoke(id as ApiKeyId, actor)) {
        throw new HearthError({
          code: "key-not-found",
          message: "there is no key with this id",
          remedy: "hearth key ls lists the keys.",
        });
      }
    },
    takeFromLimit(tenant) {
      const decision = limiter.take({ limit: "key", key: tenant });
      return decision.isAllowed ? { isAllowed: true } : { isAllowed: false, retryAfterMs: decision.retryAfterMs };
    },
  };
}

/** One-time links and browser sessions of the gateway as HTTP uses them. */
export function createConsoleSessionService(signIn: SignIn, people: People): ApiServices["sessions"] {
  const personOf = (id: PersonId): CallerPerson => {
    const person = people.get(id);
    if (person === undefined)
      throw new HearthError({ code: "person-not-found", message: "the person of this session is gone" });
    return callerOf(person);
  };
  return {
    redeem(linkToken) {
      const result = signIn.useLink(linkToken, "browser");
      if (!result.ok) return { isAllowed: false, reason: linkReasons[result.reason] };
      const { session, sessionToken } = result;
      return { isAllowed: true, sessionToken, person: personOf(session.person), expiresMs: session.expiresMs };
    },
    find(sessionToken) {
      const session = signIn.authenticate(sessionToken);
      return session === undefined ? null : { person: personOf(session.person), expiresMs: session.expiresMs };
    },
    end(sessionToken) {
      const session = signIn.authenticate(sessionToken);
      if (session !== undefined) signIn.revoke(session.id, session.person);
    },
    endAll: (personId, actor) => void signIn.revokeAll(personId, actor),
    createLink: (personId, actor) => signIn.createLink(personId, actor),
  };
}

const linkReasons = {
  "link-unknown": "unknown",
  "link-expired": "expired",
  "link-used": "used",
  "person-blocked": "unknown",
} as const;

function callerOf({ id, name, role }: Person): CallerPerson {
  return { id, name, role };
}

function toApiKey({ prefix: _prefix, ...key }: ApiKey) {
  return { ...key, scopes: [...key.scopes] };
}

function keyRefusal(reason: "person-unknown" | "scope-above-role"): HearthError {
  if (reason === "person-unknown") {
    return new HearthError({
      code: "person-not-found",
      message: "there is nobody with this id",
      remedy: "hearth person ls lists everybody.",
    });
  }
  return new HearthError({
    code: "key-scope-not-allowed",
    message: "the key would be allowed more than its person",
    remedy: "Leave out the scope, or give the person a higher role first.",
  });
}
