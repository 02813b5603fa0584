// SPDX-License-Identifier: AGPL-3.0-only
import type { Database } from "bun:sqlite";
import { type KeyObject, verify } from "node:crypto";
import { type EntryRow, entriesInOrder, type HeadRow, readHead } from "./audit-rows.ts";
import type { AuditProblem, AuditVerification } from "./audit-types.ts";
import { genesisHash, hashEntry, headDigest } from "./chain.ts";

interface Finding {
  readonly problem: AuditProblem;
  readonly brokenAt: number;
  readonly explanation: string;
}

/**
 * Walks the whole log. An entry is as it was written when its number follows, its hash covers its columns and the entry
 * before, and the log's key signed that hash; the log is whole when the signed head names its length and last hash.
 */
export function verifyLog(database: Database, publicKey: KeyObject): AuditVerification {
  const count = database.query<{ count: number }, []>("SELECT count(*) AS count FROM audit_entries").get()?.count ?? 0;
  const head = readHead(database);
  let previousHash = genesisHash;
  let expected = 1;
  for (const row of entriesInOrder(database)) {
    const finding = judgeEntry(row, expected, previousHash, publicKey);
    if (finding !== undefined) return { isIntact: false, entries: count, ...finding };
    previousHash = row.hash;
    expected++;
  }
  const finding = judgeHead(head, expected - 1, previousHash, publicKey);
  if (finding !== undefined) return { isIntact: false, entries: count, ...finding };
  return { isIntact: true, entries: count, headHash: Buffer.from(previousHash).toString("hex") };
}

function judgeEntry(row: EntryRow, expected: number, previousHash: Uint8Array, key: KeyObject): Finding | undefined {
  const brokenAt = expected;
  if (row.number !== expected) {
    const explanation = `entry ${expected} is missing: the next one is ${row.number}`;
    return { problem: "entry-missing", brokenAt, explanation };
  }
  if (!sameBytes(row.previous_hash, previousHash)) {
    const explanation = `entry ${expected} does not follow from the entry before it`;
    return { problem: "entry-changed", brokenAt, explanation };
  }
  const hash = hashEntry({
    number: row.number,
    atMs: row.at_ms,
    actor: row.actor,
    action: row.action,
    target: row.subject,
    sealedDetails: row.sealed_details,
    previousHash: row.previous_hash,
  });
  if (!sameBytes(hash, row.hash)) {
    return { problem: "entry-changed", brokenAt, explanation: `entry ${expected} is not what was written` };
  }
  if (!verify(null, row.hash, key, row.signature)) {
    const explanation = `entry ${expected} was not written by this box: its signature does not fit`;
    return { problem: "entry-forged", brokenAt, explanation };
  }
  if (row.number === 1 && row.action === "audit-restarted") {
    const explanation = "the log begins after people were already known: an earlier log was removed";
    return { problem: "log-restarted", brokenAt, explanation };
  }
  return undefined;
}

function judgeHead(head: HeadRow | null, entries: number, hash: Uint8Array, key: KeyObject): Finding | undefined {
  const brokenAt = entries + 1;
  if (head === null)
    return { problem: "head-missing", brokenAt, explanation: "the signed head of the log was removed" };
  if (!verify(null, headDigest(head.entries, head.hash, head.at_ms), key, head.signature)) {
    return {
      problem: "head-changed",
      brokenAt,
      explanation: "the head of the log was changed: its signature does not fit",
    };
  }
  if (head.entries > entries) {
    const explanation = `${head.entries} entries were written and ${entries} are there: the last ${head.entries - entries} were cut off`;
    return { problem: "entries-cut-off", brokenAt, explanation };
  }
  if (head.entries < entries || !sameBytes(head.hash, hash)) {
    return { problem: "head-changed", brokenAt, explanation: "the head of the log does not fit its last entry" };
  }
  return undefined;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
