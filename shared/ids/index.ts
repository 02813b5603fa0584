// SPDX-License-Identifier: AGPL-3.0-only
export type { ApiKeyId, Id, InboxId, OutboxId, PersonId, SessionId, TurnId } from "./ids.ts";
export { createId } from "./ids.ts";
