// SPDX-License-Identifier: AGPL-3.0-only
export type { Audit, AuditEntry, AuditEvent, AuditProblem, AuditVerification } from "./audit-types.ts";
export type { HashedEntry } from "./chain.ts";
export { hashEntry, headDigest } from "./chain.ts";
export type { AuditDependencies } from "./create-audit.ts";
export { createAudit } from "./create-audit.ts";
