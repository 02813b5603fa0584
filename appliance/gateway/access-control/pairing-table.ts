// SPDX-License-Identifier: AGPL-3.0-only
import type { Storage } from "../../ops/storage/index.ts";
import type { ValuePlace, Vault } from "../encryption/index.ts";
import type { PairingRequest } from "./pairing-types.ts";
import type { ReplyLanguage } from "./stranger-texts.ts";

interface PairingRow {
  readonly id: string;
  readonly channel: string;
  readonly address_index: string;
  readonly sealed_code: Uint8Array;
  readonly sealed_address: Uint8Array;
  readonly sealed_display_name: Uint8Array | null;
  readonly replies: number;
  readonly created_ms: number;
  readonly expires_ms: number;
}

/** A request as it is stored, with the code. */
export interface StoredPairing extends PairingRequest {
  readonly addressIndex: string;
  readonly code: string;
  readonly replies: number;
}

export interface NewPairing {
  readonly id: string;
  readonly channel: string;
  readonly address: string;
  readonly addressIndex: string;
  readonly displayName: string | undefined;
  readonly language: ReplyLanguage;
  readonly code: string;
  readonly requestedMs: number;
  readonly expiresMs: number;
}

/** Reads and writes of `pairing_requests`; knows no rule. Callers hold the transaction. */
export interface PairingTable {
  insert(request: NewPairing): void;
  list(): readonly StoredPairing[];
  byAddress(addressIndex: string): StoredPairing | undefined;
  byCode(code: string): StoredPairing | undefined;
  byId(id: string): StoredPairing | undefined;
  countReply(id: string): void;
  remove(id: string): void;
  removeExpired(nowMs: number): void;
  /** The id of the request that has waited longest: on one channel, or of all. */
  oldest(channel?: string): string | undefined;
  count(channel: string): { readonly onChannel: number; readonly overall: number };
}

export interface PairingTableDependencies {
  readonly storage: Pick<Storage, "database">;
  readonly vault: Pick<Vault, "seal" | "open" | "blindIndex">;
}

export function createPairingTable({ storage, vault }: PairingTableDependencies): PairingTable {
  const { database } = storage;
  const codeIndex = (code: string): string => vault.blindIndex("pairing-code", code);

  function opened(row: PairingRow | null): StoredPairing | undefined {
    if (row === null) return undefined;
    const open = (column: string, sealed: Uint8Array): string => vault.open("system", placeOf(row.id, column), sealed);
    return {
      id: row.id,
      channel: row.channel,
      addressIndex: row.address_index,
      address: open("sealed_address", row.sealed_address),
      code: open("sealed_code", row.sealed_code),
      ...(row.sealed_display_name === null
        ? {}
        : { displayName: open("sealed_display_name", row.sealed_display_name) }),
      replies: row.replies,
      requestedMs: row.created_ms,
      expiresMs: row.expires_ms,
    };
  }

  function one(column: "id" | "address_index" | "code_index", value: string): StoredPairing | undefined {
    return opened(
      database.query<PairingRow, [string]>(`SELECT * FROM pairing_requests WHERE ${column} = ?`).get(value),
    );
  }

  return {
    insert(request) {
      const seal = (column: string, text: string): Uint8Array =>
        vault.seal("system", placeOf(request.id, column), text);
      database
        .query(
          `INSERT INTO pairing_requests (id, channel, address_index, code_index, sealed_code, sealed_address,
             sealed_display_name, language, replies, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`,
        )
        .run(
          request.id,
          request.channel,
          request.addressIndex,
          codeIndex(request.code),
          seal("sealed_code", request.code),
          seal("sealed_address", request.address),
          request.displayName === undefined ? null : seal("sealed_display_name", request.displayName),
          request.language,
          request.requestedMs,
          request.expiresMs,
        );
    },
    list() {
      const rows = database.query<PairingRow, []>("SELECT * FROM pairing_requests ORDER BY created_ms, id").all();
      return rows.map(opened).filter((request) => request !== undefined);
    },
    byAddress: (addressIndex) => one("address_index", addressIndex),
    byCode: (code) => one("code_index", codeIndex(code)),
    byId: (id) => one("id", id),
    countReply: (id) => void database.query("UPDATE pairing_requests SET replies = replies + 1 WHERE id = ?").run(id),
    remove: (id) => void database.query("DELETE FROM pairing_requests WHERE id = ?").run(id),
    removeExpired: (nowMs) => void database.query("DELETE FROM pairing_requests WHERE expires_ms <= ?").run(nowMs),
    oldest(channel) {
      const where = channel === undefined ? "" : "WHERE channel = ?";
      const row = database
        .query<{ id: string }, string[]>(`SELECT id FROM pairing_requests ${where} ORDER BY created_ms, rowid LIMIT 1`)
        .get(...(channel === undefined ? [] : [channel]));
      return row?.id;
    },
    count(channel) {
      const row = database
        .query<{ on_channel: number; overall: number }, [string]>(
          "SELECT coalesce(sum(channel = ?), 0) AS on_channel, count(*) AS overall FROM pairing_requests",
        )
        .get(channel);
      return { onChannel: row?.on_channel ?? 0, overall: row?.overall ?? 0 };
    },
  };
}

function placeOf(row: string, column: string): ValuePlace {
  return { table: "pairing_requests", row, column };
}
