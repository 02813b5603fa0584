// SPDX-License-Identifier: AGPL-3.0-only
import { type Action, decide, type PolicyDecision, type Resource } from "../../gateway/access-control/index.ts";
import type { Caller } from "./caller.ts";
import { scopeActions } from "./scope-actions.ts";

/** What the box's policy says to a caller. A key does what its scopes cover and its person's role allows, never more. */
export function decideFor(caller: Caller, action: Action, resource: Resource = {}): PolicyDecision {
  const { id: person, role } = caller.person;
  if (caller.via !== "key") return decide({ person, role }, action, resource);
  const keyActions = caller.scopes.flatMap((scope) => scopeActions[scope]);
  return decide({ person, role, keyActions }, action, resource);
}
