// SPDX-License-Identifier: AGPL-3.0-only
import { createHash } from "node:crypto";

/**
 * The id of part `part` (from 0) of the reply to an inbox row: the same whenever it is made, so that a reply that is
 * made twice is one row, and the other side can tell a repeated send. 128 bits of SHA-256, in hex.
 */
export function outboxClientId(inboxId: string, part: number): string {
  return createHash("sha256").update(`hearth-outbox\0${inboxId}\0${part}`).digest("hex").slice(0, 32);
}
