// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHearthError } from "../../../shared/errors/index.ts";
import { temporaryDirectory } from "../../../shared/testing/index.ts";
import { type Migration, migrations, openStorage } from "./index.ts";

const twoSteps: readonly Migration[] = [
  { number: 1, name: "one", sql: "-- a note\nCREATE TABLE one (x); INSERT INTO one VALUES (1);" },
  { number: 2, name: "two", sql: "CREATE TABLE two (y)" },
];

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return isHearthError(thrown) ? thrown.code : String(thrown);
  }
  return "nothing was thrown";
}

test("a new database is durable, private and at the newest schema", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "deep", "hearth.db");
  using storage = openStorage({ path });
  const pragma = (name: string) => Object.values(storage.database.query(`PRAGMA ${name}`).get() ?? {})[0];
  expect(pragma("journal_mode")).toBe("wal");
  expect(pragma("synchronous")).toBe(2);
  expect(pragma("fullfsync")).toBe(1);
  expect(pragma("checkpoint_fullfsync")).toBe(1);
  expect(pragma("foreign_keys")).toBe(1);
  expect(pragma("temp_store")).toBe(2);
  storage.transaction(() => storage.database.run("INSERT INTO settings VALUES ('a', x'00', 1)"));
  for (const suffix of ["", "-wal", "-shm"]) expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory.path, "deep")).mode & 0o777).toBe(0o700);
  const applied = storage.database.query("SELECT number, name FROM schema_migrations ORDER BY number").all();
  expect(applied).toEqual(migrations.map(({ number, name }) => ({ number, name })));
});

test("the list of migrations has no gap and each step is SQL", () => {
  expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, index) => index + 1));
  for (const migration of migrations) expect(migration.sql).toContain("CREATE TABLE");
});

test("steps run once, in order, also when they are added later", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  openStorage({ path, migrations: twoSteps.slice(0, 1) }).close();
  using storage = openStorage({ path, migrations: twoSteps });
  expect(storage.database.query("SELECT count(*) AS n FROM one").get()).toEqual({ n: 1 });
  expect(storage.database.query("SELECT count(*) AS n FROM two").get()).toEqual({ n: 0 });
});

test("a step that fails leaves nothing of itself and all before it", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  const broken = [
    ...twoSteps,
    { number: 3, name: "three", sql: "CREATE TABLE three (z); INSERT INTO nowhere VALUES (1)" },
  ];
  expect(codeOf(() => openStorage({ path, migrations: broken }))).toBe("migration-failed");
  using storage = openStorage({ path, migrations: twoSteps });
  const tables = storage.database
    .query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all();
  expect(tables.map((table) => table.name).sort()).toEqual(["one", "schema_migrations", "two"]);
});

test("a changed step is refused, a change of line ends is not", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  openStorage({ path, migrations: twoSteps }).close();
  const withSql = (sql: string) => twoSteps.map((step) => (step.number === 1 ? { ...step, sql } : step));
  const first = twoSteps[0]?.sql ?? "";
  openStorage({ path, migrations: withSql(first.replaceAll("\n", "\r\n")) }).close();
  expect(codeOf(() => openStorage({ path, migrations: withSql(`${first} `) }))).toBe("migration-changed");
});

test("a database of a newer version is refused and left as it is", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  openStorage({ path, migrations: twoSteps }).close();
  const before = readFileSync(path);
  expect(codeOf(() => openStorage({ path, migrations: twoSteps.slice(0, 1) }))).toBe("database-too-new");
  expect(readFileSync(path).equals(before)).toBe(true);
});

test("a file that is no database, or is cut short, is refused with the way to restore", () => {
  using directory = temporaryDirectory();
  const noDatabase = join(directory.path, "text.db");
  writeFileSync(noDatabase, "this is not a database, and long enough to have a header ".repeat(20));
  expect(codeOf(() => openStorage({ path: noDatabase }))).toBe("database-corrupt");
  const path = join(directory.path, "hearth.db");
  openStorage({ path }).close();
  truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096);
  try {
    openStorage({ path });
    expect.unreachable();
  } catch (thrown) {
    if (!isHearthError(thrown)) throw thrown;
    expect(thrown.code).toBe("database-corrupt");
    expect(thrown.message).toContain(path);
    expect(thrown.remedy).toContain("saved copy of the whole data folder");
  }
});

test("a damaged page is found at open", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  openStorage({ path }).close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 5 * 4096, 5 * 4096 + 64);
  writeFileSync(path, bytes);
  expect(codeOf(() => openStorage({ path }))).toBe("database-corrupt");
});

test("a large file is checked after an end that was not clean, and not at every start", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  openStorage({ path }).close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 5 * 4096, 5 * 4096 + 64);
  writeFileSync(path, bytes);
  openStorage({ path, alwaysCheckBytes: 0 }).close();
  writeFileSync(`${path}-wal`, "");
  expect(codeOf(() => openStorage({ path, alwaysCheckBytes: 0 }))).toBe("database-corrupt");
  writeFileSync(`${path}-wal`, "");
  openStorage({ path, alwaysCheckBytes: 0, uncleanCheckBytes: 0 }).close();
});

test("a checkpoint empties the WAL, and inside a transaction does nothing", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  using storage = openStorage({ path, migrations: twoSteps });
  storage.transaction(() => {
    storage.database.run("INSERT INTO two VALUES (1)");
    expect(storage.checkpoint()).toBe(false);
  });
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  expect(storage.checkpoint()).toBe(true);
  expect(statSync(`${path}-wal`).size).toBe(0);
});

test("what is committed is there for another connection, and after close there is no WAL", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  const storage = openStorage({ path, migrations: twoSteps });
  storage.transaction(() => storage.database.run("INSERT INTO two VALUES (1)"));
  const other = new Database(path, { readonly: true });
  expect(other.query("SELECT y FROM two").all()).toEqual([{ y: 1 }]);
  other.close();
  storage.close();
  storage.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(codeOf(() => storage.transaction(() => 1))).toBe("storage-closed");
});
