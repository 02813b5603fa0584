// SPDX-License-Identifier: AGPL-3.0-only
import { sign } from "node:crypto";
import { z } from "zod";
import { isHearthError } from "../../../shared/errors/index.ts";
import { parseJson } from "../../../shared/json/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { Vault } from "../encryption/index.ts";
import { type EntryRow, entriesInOrder, readHead } from "./audit-rows.ts";
import type { Audit, AuditEntry, AuditEvent, AuditVerification } from "./audit-types.ts";
import { genesisHash, hashEntry, headDigest } from "./chain.ts";
import { makeSigningKey, openSigningKey, type SigningKey, sealSigningKey } from "./signing-key.ts";
import { verifyLog } from "./verify-log.ts";

export interface AuditDependencies {
  readonly storage: Storage;
  readonly vault: Pick<Vault, "seal" | "open" | "openBytes">;
  readonly nowMs: () => number;
}

/**
 * The audit log: a hash chain in which every entry is signed by the log's own key, and a signed head that names its
 * length. The private key is sealed by the vault, so that a change of the database file alone is always found. Not found
 * is a rollback of the whole file to an earlier state; compare an export, or the head in a backup, against that.
 */
export function createAudit({ storage, vault, nowMs }: AuditDependencies): Audit {
  const { database } = storage;
  const insert = database.query(
    `INSERT INTO audit_entries (number, at_ms, actor, action, subject, sealed_details, previous_hash, hash, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const moveHead = database.query("UPDATE audit_head SET entries = ?, hash = ?, at_ms = ?, signature = ? WHERE id = 1");
  const selectHead = database.query<{ entries: number; hash: Uint8Array }, []>(
    "SELECT entries, hash FROM audit_head WHERE id = 1",
  );
  let key: SigningKey | undefined;

  /** Read when it is first needed: a tampered key must not keep the box from starting, `verify` names it. */
  function signingKey(): SigningKey {
    if (key !== undefined) return key;
    const head = readHead(database);
    key = head === null ? begin() : openSigningKey(vault, head.sealed_private_key);
    return key;
  }

  function begin(): SigningKey {
    const made = makeSigningKey();
    // Entries without a head: somebody removed it. The log goes on under a new key, and `verify` tells from then on.
    const last = database
      .query<{ number: number; hash: Uint8Array }, []>(
        "SELECT number, hash FROM audit_entries ORDER BY number DESC LIMIT 1",
      )
      .get();
    database
      .query(
        `INSERT INTO audit_head (id, entries, hash, at_ms, signature, public_key, sealed_private_key)
         VALUES (1, ?, ?, ?, x'', ?, ?)`,
      )
      .run(last?.number ?? 0, last?.hash ?? genesisHash, nowMs(), made.publicBytes, sealSigningKey(vault, made));
    return made;
  }

  function write(event: AuditEvent, signer: SigningKey): void {
    const head = selectHead.get() ?? { entries: 0, hash: genesisHash };
    const number = head.entries + 1;
    const atMs = nowMs();
    const sealedDetails = vault.seal("system", placeOf(number), JSON.stringify(event.details ?? {}));
    const hash = hashEntry({ ...event, number, atMs, sealedDetails, previousHash: head.hash });
    const signature = sign(null, hash, signer.privateKey);
    insert.run(number, atMs, event.actor, event.action, event.target, sealedDetails, head.hash, hash, signature);
    moveHead.run(number, hash, atMs, sign(null, headDigest(number, hash, atMs), signer.privateKey));
  }

  /** The first entry says whether the box was new: a log that was removed whole comes back as a restarted one. */
  function ensureBegun(): void {
    if (selectHead.get() !== null) return;
    key = undefined;
    const signer = signingKey();
    const hadPeople = database.query("SELECT 1 FROM people LIMIT 1").get() !== null;
    write({ actor: "system", action: hadPeople ? "audit-restarted" : "audit-started", target: "" }, signer);
  }

  function entryOf(row: EntryRow): AuditEntry {
    const details = parseJson(
      vault.open("system", placeOf(row.number), row.sealed_details),
      z.record(z.string(), z.unknown()),
      `audit entry ${row.number}`,
    );
    const { number, at_ms: atMs, actor, action, subject: target } = row;
    return { number, atMs, actor, action, target, details, hash: Buffer.from(row.hash).toString("hex") };
  }

  function verify(): AuditVerification {
    const head = readHead(database);
    const entries =
      database.query<{ count: number }, []>("SELECT count(*) AS count FROM audit_entries").get()?.count ?? 0;
    if (head === null) {
      const explanation = "the signed head of the log was removed";
      return { isIntact: false, entries, problem: "head-missing", brokenAt: entries + 1, explanation };
    }
    try {
      const opened = openSigningKey(vault, head.sealed_private_key);
      if (Buffer.compare(opened.publicBytes, head.public_key) === 0) return verifyLog(database, opened.publicKey);
      const explanation = "the log's public key was changed outside Hearth";
      return { isIntact: false, entries, problem: "key-changed", brokenAt: 1, explanation };
    } catch (thrown) {
      if (!isHearthError(thrown)) throw thrown;
      const explanation = `the log's key was changed outside Hearth: ${thrown.message}`;
      return { isIntact: false, entries, problem: "key-changed", brokenAt: 1, explanation };
    }
  }

  storage.transaction(ensureBegun);
  return {
    append(event) {
      storage.transaction(() => {
        ensureBegun();
        write(event, signingKey());
      });
    },
    list({ limit, before = Number.MAX_SAFE_INTEGER }) {
      return database
        .query<EntryRow, [number, number]>("SELECT * FROM audit_entries WHERE number < ? ORDER BY number DESC LIMIT ?")
        .all(before, limit)
        .map(entryOf);
    },
    verify,
    exportLines: () => exportLines(storage, entryOf),
  };
}

function* exportLines(storage: Storage, entryOf: (row: EntryRow) => AuditEntry): Iterable<string> {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  for (const row of entriesInOrder(storage.database)) {
    const proof = {
      sealedDetails: base64(row.sealed_details),
      previousHash: Buffer.from(row.previous_hash).toString("hex"),
      signature: base64(row.signature),
    };
    yield JSON.stringify({ ...entryOf(row), ...proof });
  }
  const head = readHead(storage.database);
  if (head === null) return;
  yield JSON.stringify({
    head: {
      entries: head.entries,
      atMs: head.at_ms,
      hash: Buffer.from(head.hash).toString("hex"),
      signature: base64(head.signature),
      publicKey: base64(head.public_key),
    },
  });
}

function placeOf(number: number): { readonly table: string; readonly row: string; readonly column: string } {
  return { table: "audit_entries", row: String(number), column: "sealed_details" };
}
