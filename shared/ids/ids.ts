// SPDX-License-Identifier: AGPL-3.0-only
import { randomBytes } from "node:crypto";

/** A string that cannot be mixed up with another kind of id at compile time. */
export type Id<Brand extends string> = string & { readonly __brand: Brand };

export type PersonId = Id<"person">;
export type SessionId = Id<"session">;
export type TurnId = Id<"turn">;
export type InboxId = Id<"inbox">;
export type OutboxId = Id<"outbox">;
export type ApiKeyId = Id<"api-key">;

const prefixes = {
  person: "per",
  session: "ses",
  turn: "trn",
  inbox: "inb",
  outbox: "out",
  "api-key": "key",
} as const;

/**
 * A new id such as `trn_0197f3a2b4c05f3e9a1c7d2b`: prefix, 48 bits of time in milliseconds, 48 random bits, in hex.
 * Ids made later sort later (to the millisecond).
 */
export function createId<Brand extends keyof typeof prefixes>(brand: Brand, nowMs: number = Date.now()): Id<Brand> {
  const time = Math.trunc(nowMs).toString(16).padStart(12, "0");
  return `${prefixes[brand]}_${time}${randomBytes(6).toString("hex")}` as Id<Brand>;
}
