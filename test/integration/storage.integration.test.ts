// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createVault } from "../../appliance/gateway/encryption/index.ts";
import { acquireDataLock, openStorage } from "../../appliance/ops/storage/index.ts";
import { isHearthError } from "../../shared/errors/index.ts";
import { temporaryDirectory } from "../../shared/testing/index.ts";

const storageModule = resolve(import.meta.dir, "../../appliance/ops/storage/index.ts");

/** Runs a script that can use the storage module in a process of its own. */
function startScript(script: string, ...values: readonly string[]) {
  const source = `import { acquireDataLock, openStorage } from ${JSON.stringify(storageModule)};\n${script}`;
  return Bun.spawn([process.execPath, "-e", source, ...values], { stdout: "pipe", stderr: "pipe", env: {} });
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value);
  }
  reader.releaseLock();
  return text.split("\n")[0] ?? "";
}

const notes = [{ number: 1, name: "notes", sql: "CREATE TABLE notes (n INTEGER PRIMARY KEY, body BLOB)" }];

test("kill -9 in the middle of writing, again and again, loses nothing that was acknowledged and doubles nothing", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  const writer = `
    const notes = ${JSON.stringify(notes)};
    const storage = openStorage({ path: process.argv[1], migrations: notes });
    let n = storage.database.query("SELECT coalesce(max(n), 0) AS n FROM notes").get().n;
    const body = new Uint8Array(3000).fill(7);
    for (;;) {
      const batch = Array.from({ length: 1 + (n % 7) }, () => {
        const own = ++n;
        return storage.groupCommit(() => { storage.database.query("INSERT INTO notes VALUES (?, ?)").run(own, body); return own; });
      });
      for (const own of await Promise.all(batch)) require("node:fs").writeSync(1, own + "\\n");
    }`;
  let acknowledged = 0;
  for (let round = 0; round < 10; round++) {
    const child = startScript(writer, path);
    const output = new Response(child.stdout).text();
    await Bun.sleep(250 + ((round * 37) % 120));
    child.kill("SIGKILL");
    await child.exited;
    const lines = (await output).split("\n").slice(0, -1).map(Number);
    acknowledged = Math.max(acknowledged, ...lines, 0);
    using storage = openStorage({ path, migrations: notes });
    const row = storage.database.query("SELECT count(*) AS count, coalesce(max(n), 0) AS last FROM notes").get();
    const { count, last } = row as { count: number; last: number };
    expect(last).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBe(last);
  }
  expect(acknowledged).toBeGreaterThan(50);
}, 60_000);

test("kill -9 in the middle of the migrations leaves a database that the next start brings up to date", async () => {
  using directory = temporaryDirectory();
  const steps = Array.from({ length: 60 }, (_, index) => ({
    number: index + 1,
    name: `step ${index + 1}`,
    sql: `CREATE TABLE t${index + 1} (x); INSERT INTO t${index + 1} SELECT value FROM generate_series(1, 300);`.replace(
      "SELECT value FROM generate_series(1, 300)",
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300) SELECT x FROM c",
    ),
  }));
  for (let round = 0; round < 6; round++) {
    const path = join(directory.path, `${round}.db`);
    const script = `require("node:fs").writeSync(1, "begun\\n"); openStorage({ path: process.argv[1], migrations: ${JSON.stringify(steps)} });`;
    const child = startScript(script, path);
    await firstLine(child.stdout);
    await Bun.sleep(round * 12);
    child.kill("SIGKILL");
    await child.exited;
    using storage = openStorage({ path, migrations: steps });
    for (const { number } of steps) {
      expect(storage.database.query(`SELECT count(*) AS n FROM t${number}`).get()).toEqual({ n: 300 });
    }
  }
}, 60_000);

test("a second appliance on the folder is refused while the first lives, and let in as soon as that was killed", async () => {
  using directory = temporaryDirectory();
  const holder = `
    const result = acquireDataLock(process.argv[1]);
    // A child that outlives its parent must not keep the folder locked.
    const child = Bun.spawn(["sleep", "20"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    require("node:fs").writeSync(1, (result.isAcquired ? "held " : "refused ") + child.pid + "\\n");
    setInterval(() => undefined, 1000);`;
  const first = startScript(holder, directory.path);
  const [word, childPid] = (await firstLine(first.stdout)).split(" ");
  expect(word).toBe("held");
  const refused = acquireDataLock(directory.path);
  if (refused.isAcquired) throw new Error("two holders");
  expect(refused.holder?.pid).toBe(first.pid);
  expect(refused.error.message).toContain(String(first.pid));
  first.kill("SIGKILL");
  await first.exited;
  const free = acquireDataLock(directory.path);
  process.kill(Number(childPid), "SIGKILL");
  expect(free.isAcquired).toBe(true);
  if (free.isAcquired) free.lock.release();
}, 30_000);

test("of eight processes that ask at once, one gets the folder", async () => {
  using directory = temporaryDirectory();
  const script = `
    const result = acquireDataLock(process.argv[1]);
    // Nothing else refers to the lock from here on: it must be held all the same.
    Bun.gc(true);
    require("node:fs").writeSync(1, (result.isAcquired ? "held" : "refused") + "\\n");
    setInterval(() => Bun.gc(true), 50);`;
  const children = Array.from({ length: 8 }, () => startScript(script, directory.path));
  const words = await Promise.all(children.map((child) => firstLine(child.stdout)));
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  expect(words.toSorted()).toEqual(["held", ...Array.from({ length: 7 }, () => "refused")]);
}, 30_000);

test("whichever page is damaged, the box refuses the database or reads only what was written", () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "hearth.db");
  const masterKey = new Uint8Array(32).fill(9);
  const place = (row: number) => ({ table: "settings", row: String(row), column: "sealed_value" });
  {
    using storage = openStorage({ path });
    using vault = createVault({ storage, masterKey });
    storage.transaction(() => {
      for (let row = 0; row < 400; row++) {
        const sealed = vault.seal("system", place(row), `value ${row} ${"x".repeat(row)}`);
        storage.database.query("INSERT INTO settings VALUES (?, ?, ?)").run(String(row), sealed, row);
      }
    });
  }
  const whole = readFileSync(path);
  const outcomes = { refused: 0, tampered: 0, unharmed: 0 };
  const pages = whole.length / 4096;
  for (let page = 0; page < pages; page++) {
    const damaged = Buffer.from(whole);
    // The middle of the page one time, its head (where the structure is) the next.
    const start = page * 4096 + (page % 2 === 0 ? 0 : 1800);
    damaged.fill(0x5a, start, start + 400);
    writeFileSync(path, damaged);
    try {
      using storage = openStorage({ path });
      using vault = createVault({ storage, masterKey });
      const rows = storage.database
        .query<{ key: string; sealed_value: Uint8Array }, []>("SELECT * FROM settings")
        .all();
      for (const row of rows) {
        const expected = `value ${row.key} ${"x".repeat(Number(row.key))}`;
        expect(vault.open("system", place(Number(row.key)), row.sealed_value)).toBe(expected);
      }
      outcomes.unharmed++;
    } catch (thrown) {
      if (!isHearthError(thrown)) throw thrown;
      if (thrown.code === "database-corrupt") outcomes.refused++;
      else outcomes.tampered++;
      expect(thrown.remedy).toContain("saved copy of the whole data folder");
    }
  }
  expect(outcomes.refused).toBeGreaterThan(pages / 3);
  expect(outcomes.refused + outcomes.tampered + outcomes.unharmed).toBe(pages);
}, 60_000);

/** A disk of one MiB, where this test may make one. */
function mountSmallDisk(path: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  mkdirSync(path);
  return Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path]).exitCode === 0;
}

function canMountSmallDisk(): boolean {
  using directory = temporaryDirectory();
  const probe = join(directory.path, "probe");
  const isMounted = mountSmallDisk(probe);
  if (isMounted) Bun.spawnSync(["umount", probe]);
  return isMounted;
}

const canMount = canMountSmallDisk();

test.skipIf(!canMount)(
  "a full disk is named, keeps what was acknowledged, and work goes on when there is room",
  async () => {
    using directory = temporaryDirectory();
    const disk = join(directory.path, "disk");
    expect(mountSmallDisk(disk)).toBe(true);
    try {
      const path = join(disk, "hearth.db");
      const ballast = join(disk, "ballast");
      writeFileSync(ballast, new Uint8Array(200_000));
      const storage = openStorage({ path, migrations: notes });
      const body = new Uint8Array(20_000).fill(7);
      const insert = (n: number) => storage.database.query("INSERT INTO notes VALUES (?, ?)").run(n, body);
      const acknowledged: number[] = [];
      const codes: string[] = [];
      const attempt = async (work: () => unknown, numbers: readonly number[]) => {
        try {
          await work();
          acknowledged.push(...numbers);
        } catch (thrown) {
          codes.push(isHearthError(thrown) ? thrown.code : String(thrown));
        }
      };
      for (let n = 0; n < 100; n += 2) {
        await attempt(() => storage.transaction(() => insert(n)), [n]);
        await attempt(() => storage.groupCommit(() => insert(n + 1)), [n + 1]);
      }
      expect(codes.length).toBeGreaterThan(10);
      expect(new Set(codes)).toEqual(new Set(["disk-full"]));
      expect(acknowledged.length).toBeGreaterThan(5);
      const stored = () =>
        storage.database
          .query<{ n: number }, []>("SELECT n FROM notes ORDER BY n")
          .all()
          .map((row) => row.n);
      expect(stored()).toEqual(acknowledged);
      rmSync(ballast);
      await attempt(() => storage.transaction(() => insert(1000)), [1000]);
      expect(stored()).toEqual(acknowledged);
      expect(acknowledged).toContain(1000);
      storage.close();
      using again = openStorage({ path, migrations: notes });
      expect(again.database.query("SELECT count(*) AS n FROM notes").get()).toEqual({ n: acknowledged.length });
      expect(statSync(path).size).toBeGreaterThan(0);
    } finally {
      Bun.spawnSync(["umount", disk]);
    }
  },
  30_000,
);

test.skipIf(!canMount)("a WAL that fills the disk makes room by itself", () => {
  using directory = temporaryDirectory();
  const disk = join(directory.path, "disk");
  expect(mountSmallDisk(disk)).toBe(true);
  try {
    using storage = openStorage({ path: join(disk, "hearth.db"), migrations: notes });
    const write = (sql: string) => storage.transaction(() => storage.database.run(sql));
    write("INSERT INTO notes VALUES (1, zeroblob(30000)), (2, zeroblob(100000))");
    // A database that has been in use has free pages, so that moving the WAL into it needs no room of its own.
    write("DELETE FROM notes WHERE n = 2");
    expect(storage.checkpoint()).toBe(true);
    let failures = 0;
    // The same row again and again: the data is small, the WAL of 300 writes would be ten times the disk.
    for (let n = 0; n < 300; n++) {
      try {
        storage.transaction(() => storage.database.query("UPDATE notes SET body = randomblob(30000 + ?)").run(n));
      } catch (thrown) {
        expect(isHearthError(thrown) ? thrown.code : thrown).toBe("disk-full");
        failures++;
      }
    }
    expect(failures).toBeGreaterThan(0);
    expect(failures).toBeLessThan(20);
  } finally {
    Bun.spawnSync(["umount", disk]);
  }
});

test.skipIf(!canMount)("a disk that is full from the start is a clear error, not a broken database", () => {
  using directory = temporaryDirectory();
  const disk = join(directory.path, "disk");
  expect(mountSmallDisk(disk)).toBe(true);
  try {
    writeFileSync(join(disk, "ballast"), new Uint8Array(1024 * 1024 - 40_960));
    const open = () => openStorage({ path: join(disk, "hearth.db") });
    try {
      open();
      expect.unreachable();
    } catch (thrown) {
      expect(isHearthError(thrown) ? thrown.code : thrown).toBe("disk-full");
    }
    rmSync(join(disk, "ballast"));
    open().close();
  } finally {
    Bun.spawnSync(["umount", disk]);
  }
});
