// SPDX-License-Identifier: AGPL-3.0-only

import { z } from "zod";
import type { Clock, Timer } from "../../../shared/clock/index.ts";
import { toHearthError } from "../../../shared/errors/index.ts";
import type { PersonId } from "../../../shared/ids/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Logger } from "../../../shared/logging/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Vault } from "../encryption/index.ts";
import type { AdmissionReason } from "./types.ts";

/** One word of the gateway on one message. */
export interface Decision {
  readonly atMs: number;
  readonly channel: string;
  /** Null when nobody the box knows. */
  readonly person: PersonId | null;
  /** The address, of senders nobody knows. */
  readonly address: string | null;
  readonly isAllowed: boolean;
  readonly reason: AdmissionReason;
  readonly explanation: string;
  readonly findings: readonly string[];
}

/** The gateway's latest decisions, so that `hearth` can say why somebody got no answer. */
export interface DecisionLog {
  record(decision: Decision): void;
  /** Newest first. */
  list(limit: number): readonly Decision[];
  /** Writes what waits. */
  flush(): void;
}

export interface DecisionLogDependencies {
  readonly storage: Pick<Storage, "database" | "transaction">;
  readonly vault: Pick<Vault, "seal" | "open">;
  readonly clock: Pick<Clock, "after">;
  readonly logger: Logger;
  readonly setSeen: (person: PersonId, seenMs: number) => void;
}

interface DecisionRow {
  readonly number: number;
  readonly at_ms: number;
  readonly channel: string;
  readonly sealed_sender: Uint8Array | null;
  readonly person_id: PersonId | null;
  readonly is_allowed: number;
  readonly reason: AdmissionReason;
  readonly explanation: string;
  readonly findings: string;
}

const keptDecisions = 1000;
const flushDelayMs = 1000;
const flushAtCount = 500;
const sealedColumn = "sealed_sender";

/**
 * Decisions are gathered for a second and written together: what became of a message stands in its inbox row, which is
 * durable; this log only explains, and must not cost each message a write of its own.
 */
export function createDecisionLog(dependencies: DecisionLogDependencies): DecisionLog {
  const { storage, vault, clock, logger, setSeen } = dependencies;
  const { database } = storage;
  let waiting: Decision[] = [];
  let timer: Timer | undefined;

  function write(decision: Decision): void {
    const sealedIn = `${decision.atMs}:${decision.channel}`;
    const place = { table: "admission_decisions", row: sealedIn, column: sealedColumn };
    database
      .query(
        `INSERT INTO admission_decisions (at_ms, channel, sealed_sender, person_id, is_allowed, reason, explanation, findings)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        decision.atMs,
        decision.channel,
        decision.address === null ? null : vault.seal("system", place, decision.address),
        decision.person,
        decision.isAllowed ? 1 : 0,
        decision.reason,
        decision.explanation,
        JSON.stringify(decision.findings),
      );
    if (decision.person !== null && decision.isAllowed) setSeen(decision.person, decision.atMs);
  }

  function flush(): void {
    timer?.cancel();
    timer = undefined;
    const decisions = waiting;
    waiting = [];
    if (decisions.length === 0) return;
    try {
      storage.transaction(() => {
        for (const decision of decisions) write(decision);
        database
          .query("DELETE FROM admission_decisions WHERE number <= (SELECT max(number) FROM admission_decisions) - ?")
          .run(keptDecisions);
      });
    } catch (thrown) {
      // A full disk must not stop the gateway: the messages themselves are safe, only the explanations are missing.
      logger.warn("decisions-not-written", { count: decisions.length, code: toHearthError(thrown).code });
    }
  }

  function opened(row: DecisionRow): Decision {
    const place = { table: "admission_decisions", row: `${row.at_ms}:${row.channel}`, column: sealedColumn };
    return {
      atMs: row.at_ms,
      channel: row.channel,
      person: row.person_id,
      address: row.sealed_sender === null ? null : vault.open("system", place, row.sealed_sender),
      isAllowed: row.is_allowed === 1,
      reason: row.reason,
      explanation: row.explanation,
      findings: parseJson(row.findings, z.array(z.string()), "findings of a decision"),
    };
  }

  return {
    record(decision) {
      waiting.push(decision);
      if (waiting.length >= flushAtCount) return flush();
      timer ??= clock.after(flushDelayMs, flush);
    },
    list(limit) {
      flush();
      const select = "SELECT * FROM admission_decisions ORDER BY number DESC LIMIT ?";
      return database.query<DecisionRow, [number]>(select).all(limit).map(opened);
    },
    flush,
  };
}
