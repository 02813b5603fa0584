// SPDX-License-Identifier: AGPL-3.0-only
import type { LogRing } from "../../../shared/logging/index.ts";
import type { Gateway } from "../../gateway/access-control/index.ts";
import type { Audit } from "../../gateway/audit/index.ts";
import type { ApiServices } from "../../lan/http-api/index.ts";

/** The audit log as the box API shows it: newest first, pages by sequence number. */
export function createAuditService(audit: Audit): ApiServices["audit"] {
  return {
    list({ after, limit }) {
      const before = after === undefined ? undefined : Number.parseInt(after, 10);
      const entries = audit.list({ limit, ...(before === undefined || Number.isNaN(before) ? {} : { before }) });
      const oldest = entries.at(-1);
      return {
        entries: entries.map((entry) => ({
          sequence: entry.number,
          atMs: entry.atMs,
          actor: entry.actor,
          action: entry.action,
          target: entry.target === "" ? null : entry.target,
          details: { ...entry.details },
          hash: entry.hash,
        })),
        next: oldest !== undefined && entries.length === limit && oldest.number > 1 ? String(oldest.number) : null,
      };
    },
    verify() {
      const result = audit.verify();
      if (result.isIntact) return { isIntact: true, entries: result.entries };
      return { isIntact: false, entries: result.entries, brokenAt: result.brokenAt, problem: result.explanation };
    },
  };
}

/** The gateway's latest decisions, with names where the sender is known. */
export function createDecisionService(gateway: Pick<Gateway, "decisions" | "people">): ApiServices["decisions"] {
  return {
    list(limit) {
      const names = new Map(gateway.people.list().map((person) => [person.id, person.name]));
      return gateway.decisions.list(limit).map(({ person, address, ...decision }) => ({
        ...decision,
        sender: (person === null ? address : names.get(person)) ?? person ?? "",
        findings: [...decision.findings],
      }));
    },
  };
}

/** The latest log lines. */
export function createLogService(ring: LogRing): ApiServices["logs"] {
  return {
    read(after, limit) {
      const { lines, next } = ring.read(after, limit);
      return { lines: lines.map((line) => ({ ...line, fields: { ...line.fields } })), next };
    },
  };
}
