// SPDX-License-Identifier: AGPL-3.0-only
import type { z } from "zod";
import { parseJson } from "../../../shared/json/index.ts";
import type { Storage } from "../../ops/storage/index.ts";
import type { ValuePlace, Vault } from "../encryption/index.ts";

/** What the owner has set: small JSON values by name, sealed at rest. Names are not secret. */
export interface Settings {
  /** The value, or undefined when it was never set. @throws `invalid-json` when it does not fit `schema`. */
  get<Schema extends z.ZodType>(key: string, schema: Schema): z.infer<Schema> | undefined;
  /** Writes a JSON value; inside a transaction it is part of that one. */
  set(key: string, value: unknown): void;
  /** Whether there was one. */
  delete(key: string): boolean;
  /** Names that begin with `prefix`, sorted. */
  keys(prefix?: string): readonly string[];
}

export interface SettingsDependencies {
  readonly storage: Storage;
  readonly vault: Pick<Vault, "seal" | "open">;
  readonly nowMs: () => number;
}

export function createSettings({ storage, vault, nowMs }: SettingsDependencies): Settings {
  const { database } = storage;
  const select = database.query<{ sealed_value: Uint8Array }, [string]>(
    "SELECT sealed_value FROM settings WHERE key = ?",
  );
  const upsert = database.query(
    `INSERT INTO settings (key, sealed_value, updated_ms) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET sealed_value = excluded.sealed_value, updated_ms = excluded.updated_ms`,
  );
  return {
    get(key, schema) {
      const row = select.get(key);
      if (row === null) return undefined;
      return parseJson(vault.open("system", placeOf(key), row.sealed_value), schema, `setting ${key}`);
    },
    set(key, value) {
      storage.transaction(() => {
        upsert.run(key, vault.seal("system", placeOf(key), JSON.stringify(value)), nowMs());
      });
    },
    delete: (key) =>
      storage.transaction(() => database.query("DELETE FROM settings WHERE key = ?").run(key).changes > 0),
    keys(prefix = "") {
      const rows = database.query<{ key: string }, []>("SELECT key FROM settings ORDER BY key").all();
      return rows.map((row) => row.key).filter((key) => key.startsWith(prefix));
    },
  };
}

function placeOf(key: string): ValuePlace {
  return { table: "settings", row: key, column: "sealed_value" };
}
