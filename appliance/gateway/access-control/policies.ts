// SPDX-License-Identifier: AGPL-3.0-only
import type { Role } from "./types.ts";

/** Everything that can be asked of the box. */
export const actions = [
  "message.send",
  "tool.use",
  "conversation.read",
  "console.open",
  "web-chat.open",
  "status.read",
  "metrics.read",
  "model.read",
  "model.use",
  "model.manage",
  "knowledge.read",
  "knowledge.manage",
  "channel.read",
  "channel.manage",
  "queue.read",
  "queue.manage",
  "person.read",
  "person.manage",
  "role.change",
  "pairing.read",
  "pairing.decide",
  "key.read",
  "key.create",
  "key.revoke",
  "link.create",
  "settings.read",
  "settings.change",
  "audit.read",
  "logs.read",
  "data.export",
  "data.erase",
] as const;

export type Action = (typeof actions)[number];

/** When a rule holds; all that are given must. */
export interface PolicyCondition {
  /** The resource belongs to the subject, or is the subject. */
  readonly isOwn?: boolean;
  /** The role that would be given, taken away or handed a link or key is below the subject's own. */
  readonly isLowerRole?: boolean;
}

/** One rule that allows something. There are no rules that forbid: what no rule allows is refused. */
export interface PolicyRule {
  /** Named in the explanation of each decision. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly actions: readonly Action[];
  readonly when?: PolicyCondition;
}

/** The box's rules as data. */
export const defaultPolicies: readonly PolicyRule[] = [
  { name: "the owner may do everything", roles: ["owner"], actions },
  {
    name: "an operator runs the box",
    roles: ["operator"],
    actions: [
      "message.send",
      "tool.use",
      "console.open",
      "web-chat.open",
      "status.read",
      "metrics.read",
      "model.read",
      "model.use",
      "model.manage",
      "knowledge.read",
      "knowledge.manage",
      "channel.read",
      "channel.manage",
      "queue.read",
      "queue.manage",
      "person.read",
      "pairing.read",
      "pairing.decide",
      "settings.read",
      "settings.change",
      "audit.read",
      "logs.read",
    ],
  },
  {
    name: "an operator manages people below",
    roles: ["operator"],
    actions: ["person.manage", "role.change", "key.read", "key.create", "key.revoke", "link.create", "data.erase"],
    when: { isLowerRole: true },
  },
  {
    name: "a member talks to the agent",
    roles: ["member"],
    actions: ["message.send", "tool.use", "web-chat.open", "model.use"],
  },
  {
    name: "people have their own conversations, keys, links and data",
    roles: ["operator", "member"],
    actions: ["conversation.read", "key.read", "key.create", "key.revoke", "link.create", "data.export", "data.erase"],
    when: { isOwn: true },
  },
  { name: "a guest may ask and be answered", roles: ["guest"], actions: ["message.send"] },
  {
    name: "a guest who was given a link opens the web chat and reads their own conversations",
    roles: ["guest"],
    actions: ["web-chat.open", "conversation.read"],
    when: { isOwn: true },
  },
];
