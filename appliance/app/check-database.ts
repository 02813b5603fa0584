// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";

/** The body of `--role=check-database`: reads every page on a connection of its own and prints a line for each problem. */
export function checkDatabase(path: string): void {
  using database = new Database(path, { readonly: true });
  const rows = database.query<{ integrity_check: string }, []>("PRAGMA integrity_check(5)").all();
  for (const { integrity_check: finding } of rows) if (finding !== "ok") process.stdout.write(`${finding}\n`);
}
