// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createId } from "../../../shared/ids/index.ts";
import { type Action, actions, decide, defaultPolicies, type Role } from "./index.ts";

const me = createId("person");
const other = createId("person");
const roles: readonly Role[] = ["owner", "operator", "member", "guest"];

type Cell = "always" | "own" | "lower" | "own or lower" | "never";

/** The whole policy, written down a second time by hand: each action, with operator, member and guest. The owner may all. */
const table: Record<Action, [operator: Cell, member: Cell, guest: Cell]> = {
  "message.send": ["always", "always", "always"],
  "tool.use": ["always", "always", "never"],
  "conversation.read": ["own", "own", "own"],
  "console.open": ["always", "never", "never"],
  "web-chat.open": ["always", "always", "own"],
  "status.read": ["always", "never", "never"],
  "metrics.read": ["always", "never", "never"],
  "model.read": ["always", "never", "never"],
  "model.use": ["always", "always", "never"],
  "model.manage": ["always", "never", "never"],
  "knowledge.read": ["always", "never", "never"],
  "knowledge.manage": ["always", "never", "never"],
  "channel.read": ["always", "never", "never"],
  "channel.manage": ["always", "never", "never"],
  "queue.read": ["always", "never", "never"],
  "queue.manage": ["always", "never", "never"],
  "person.read": ["always", "never", "never"],
  "person.manage": ["lower", "never", "never"],
  "role.change": ["lower", "never", "never"],
  "pairing.read": ["always", "never", "never"],
  "pairing.decide": ["always", "never", "never"],
  "key.read": ["own or lower", "own", "never"],
  "key.create": ["own or lower", "own", "never"],
  "key.revoke": ["own or lower", "own", "never"],
  "link.create": ["own or lower", "own", "never"],
  "settings.read": ["always", "never", "never"],
  "settings.change": ["always", "never", "never"],
  "audit.read": ["always", "never", "never"],
  "logs.read": ["always", "never", "never"],
  "data.export": ["own", "own", "never"],
  "data.erase": ["own or lower", "own", "never"],
};

test("the table of who may do what, for each role, action, owner of the thing and role it touches", () => {
  for (const action of actions) {
    for (const [column, role] of (["operator", "member", "guest"] as const).entries()) {
      const cell = table[action][column] ?? "never";
      for (const person of [me, other, undefined]) {
        for (const touched of [...roles, undefined]) {
          const isOwn = person === me;
          const isLower = role === "operator" && (touched === "member" || touched === "guest");
          const expected = cell === "always" || (cell.includes("own") && isOwn) || (cell.includes("lower") && isLower);
          const resource = { ...(person && { person }), ...(touched && { role: touched }) };
          const decision = decide({ person: me, role }, action, resource);
          expect([role, action, resource, decision.isAllowed]).toEqual([role, action, resource, expected]);
        }
      }
    }
    expect(decide({ person: me, role: "owner" }, action).isAllowed).toBe(true);
  }
});

test("nobody but the owner can make or touch an owner or an operator", () => {
  for (const role of ["operator", "member", "guest"] as const) {
    for (const touched of ["owner", "operator", undefined] as const) {
      const resource = { person: other, ...(touched && { role: touched }) };
      for (const action of [
        "role.change",
        "person.manage",
        "key.read",
        "key.create",
        "key.revoke",
        "link.create",
        "data.erase",
      ] as const) {
        expect(decide({ person: me, role }, action, resource).isAllowed).toBe(false);
      }
    }
  }
});

test("each decision names its rule, and a refusal what was asked", () => {
  expect(decide({ person: me, role: "operator" }, "channel.manage")).toMatchObject({
    rule: "an operator runs the box",
  });
  const refusal = decide({ person: me, role: "guest" }, "tool.use");
  expect(refusal).toEqual({
    isAllowed: false,
    rule: null,
    explanation: "no rule lets the role guest do tool.use here",
  });
});

test("without policies everybody is refused everything, the owner too", () => {
  for (const role of roles) {
    for (const action of actions) {
      expect(decide({ person: me, role }, action, { person: me }, { policies: [] }).isAllowed).toBe(false);
    }
  }
});

test("a key does what it covers and its person may, and never more", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...roles),
      fc.subarray([...actions]),
      fc.constantFrom(...actions),
      fc.constantFrom(me, other),
      (role, keyActions, action, person) => {
        const alone = decide({ person: me, role }, action, { person, role: "guest" });
        const withKey = decide({ person: me, role, keyActions }, action, { person, role: "guest" });
        expect(withKey.isAllowed).toBe(alone.isAllowed && keyActions.includes(action));
      },
    ),
  );
});

test("each rule of the policy is used by somebody", () => {
  for (const rule of defaultPolicies) {
    const isUsed = rule.roles.some((role) =>
      rule.actions.some(
        (action) => decide({ person: me, role }, action, { person: me, role: "guest" }).rule === rule.name,
      ),
    );
    expect([rule.name, isUsed]).toEqual([rule.name, true]);
  }
});
