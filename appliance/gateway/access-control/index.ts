// SPDX-License-Identifier: AGPL-3.0-only
export type { AdmissionQuestion } from "./admit-types.ts";
export type { BlockedAddress, Blocklist } from "./blocklist.ts";
export type { Gateway, GatewayDependencies, GatewayOptions } from "./create-gateway.ts";
export { createGateway } from "./create-gateway.ts";
export type { DecisionContext, PolicyDecision, Resource, Subject } from "./decide.ts";
export { decide } from "./decide.ts";
export type { Decision, DecisionLog } from "./decision-log.ts";
export type { Pairing, PairingApproval, PairingRequest, PairingResult } from "./pairing-types.ts";
export type { Identity, NewPerson, People, Person, PersonChanges, PersonResult } from "./person-types.ts";
export type { Action, PolicyCondition, PolicyRule } from "./policies.ts";
export { actions, defaultPolicies } from "./policies.ts";
export type { Admission, AdmissionReason, ChannelPolicy, Role, Sender } from "./types.ts";
