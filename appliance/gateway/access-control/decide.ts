// SPDX-License-Identifier: AGPL-3.0-only
import type { PersonId } from "../../../shared/ids/index.ts";
import { type Action, defaultPolicies, type PolicyCondition, type PolicyRule } from "./policies.ts";
import type { Role } from "./types.ts";

/** Who asks. */
export interface Subject {
  readonly person: PersonId;
  readonly role: Role;
  /** What the subject's key allows, when it came with one; the role still has to allow it too. */
  readonly keyActions?: readonly Action[];
}

/** What is asked for. */
export interface Resource {
  /** Whose it is, where it is somebody's. */
  readonly person?: PersonId;
  /** The highest role that the change touches: the one somebody has, or the one they would get. */
  readonly role?: Role;
}

export interface DecisionContext {
  readonly policies?: readonly PolicyRule[];
}

export type PolicyDecision =
  | { readonly isAllowed: true; readonly rule: string; readonly explanation: string }
  | { readonly isAllowed: false; readonly rule: null; readonly explanation: string };

const rank: Readonly<Record<Role, number>> = { guest: 0, member: 1, operator: 2, owner: 3 };

/** Whether a subject may do something. Pure; deny by default; each decision names the rule that made it. */
export function decide(
  subject: Subject,
  action: Action,
  resource: Resource = {},
  context: DecisionContext = {},
): PolicyDecision {
  if (subject.keyActions !== undefined && !subject.keyActions.includes(action)) {
    return { isAllowed: false, rule: null, explanation: `the key does not cover ${action}` };
  }
  for (const rule of context.policies ?? defaultPolicies) {
    if (!rule.roles.includes(subject.role) || !rule.actions.includes(action)) continue;
    if (!holds(rule.when, subject, resource)) continue;
    return { isAllowed: true, rule: rule.name, explanation: `${action}: ${rule.name}` };
  }
  return { isAllowed: false, rule: null, explanation: `no rule lets the role ${subject.role} do ${action} here` };
}

function holds(condition: PolicyCondition | undefined, subject: Subject, resource: Resource): boolean {
  if (condition === undefined) return true;
  if (condition.isOwn === true && resource.person !== subject.person) return false;
  // A role that is not said is not known to be lower.
  if (condition.isLowerRole === true && rank[resource.role ?? "owner"] >= rank[subject.role]) return false;
  return true;
}
