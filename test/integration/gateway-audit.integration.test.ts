// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";

const main = resolve(import.meta.dir, "../../appliance/app/main.ts");

async function hearth(home: string, environment: Record<string, string>, ...words: readonly string[]) {
  const child = Bun.spawn([process.execPath, main, ...words], {
    env: { HEARTH_HOME: home, PATH: process.env.PATH ?? "", ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, output, errors };
}

test("`hearth audit verify` passes an untouched log and names the entry that was touched", async () => {
  using directory = temporaryDirectory();
  const home = directory.path;
  for (const name of ["one", "two", "three"]) {
    expect((await hearth(home, {}, "key", "create", "--name", name, "--json")).exitCode).toBe(0);
  }
  const intact = await hearth(home, {}, "audit", "verify", "--json");
  expect(intact.exitCode).toBe(0);
  const { isIntact, entries } = JSON.parse(intact.output) as { isIntact: boolean; entries: number };
  expect(isIntact).toBe(true);
  expect(entries).toBeGreaterThanOrEqual(5);
  {
    using database = new Database(join(home, "hearth.db"));
    database.run("UPDATE audit_entries SET actor = 'somebody-else' WHERE number = 3");
  }
  const touched = await hearth(home, {}, "audit", "verify", "--json");
  expect(touched.exitCode).not.toBe(0);
  expect(JSON.parse(touched.output)).toMatchObject({ isIntact: false, brokenAt: 3 });
}, 60_000);

test("a box made with a passphrase opens with it and with no other", async () => {
  using directory = temporaryDirectory();
  const home = directory.path;
  const open = (passphrase?: string) =>
    hearth(home, passphrase === undefined ? {} : { HEARTH_PASSPHRASE: passphrase }, "person", "ls", "--json");
  expect((await open("correct horse")).exitCode).toBe(0);
  expect((await open("correct horse")).exitCode).toBe(0);
  const wrong = await open("wrong horse");
  expect([wrong.exitCode === 0, wrong.errors.includes("passphrase does not fit")]).toEqual([false, true]);
  const missing = await open();
  expect([missing.exitCode === 0, missing.errors.includes("none was given")]).toEqual([false, true]);
  for (const name of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name)).includes("correct horse")).toBe(false);
  }
}, 60_000);
