// SPDX-License-Identifier: AGPL-3.0-only
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createHearthHome, hearthCommand, startAppliance } from "../harness/appliance-process.ts";

/** Runs `hearth up` that is expected to refuse. */
async function refusedStart(
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ exitCode: number; error: string }> {
  const run = Bun.spawn([...hearthCommand(), "up"], {
    cwd,
    env: environment,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    timeout: 30_000,
  });
  const [error, exitCode] = await Promise.all([new Response(run.stderr).text(), run.exited]);
  return { exitCode, error };
}

describe("broken data", () => {
  test("a second appliance on the same data folder refuses and names the one that runs", async () => {
    using home = await createHearthHome();
    await using appliance = await startAppliance(home);
    const second = await refusedStart({ ...home.environment, HEARTH_LISTEN: "127.0.0.1:0" }, home.path);
    expect(second.exitCode).toBe(1);
    expect(second.error).toContain(String(appliance.processId));
    expect((await fetch(`${appliance.baseUrl}/readyz`)).status).toBe(200);
  }, 60_000);

  test("after kill -9 the lock is free and the data is there", async () => {
    using home = await createHearthHome();
    await using first = await startAppliance(home);
    await home.command(["person", "add", "Ann"]);
    await first.stop("SIGKILL");
    await using _second = await startAppliance(home);
    const { people } = await home.command<{ people: { name: string }[] }>(["person", "ls"]);
    expect(people.map((person) => person.name)).toContain("Ann");
  }, 60_000);

  test("a corrupted database page is refused with a clear message and a way to restore", async () => {
    using home = await createHearthHome();
    await home.command(["person", "add", "Ann"]);
    const path = join(home.path, "hearth.db");
    const size = statSync(path).size;
    const file = openSync(path, "r+");
    for (let page = 1; page * 4096 < size; page += 1)
      writeSync(file, Buffer.alloc(1024, 0xa5), 0, 1024, page * 4096 + 100);
    closeSync(file);
    const refused = await refusedStart(home.environment, home.path);
    expect(refused.exitCode).toBe(1);
    expect(refused.error).toMatch(/database/);
    expect(refused.error).toMatch(/saved copy of the whole data folder/);
    expect(refused.error).not.toMatch(/\n\s+at /);
  }, 60_000);

  test("a database cut short is refused, never taken for an empty one", async () => {
    using home = await createHearthHome();
    await home.command(["person", "add", "Ann"]);
    truncateSync(join(home.path, "hearth.db"), 5000);
    expect((await refusedStart(home.environment, home.path)).exitCode).toBe(1);
  }, 60_000);

  test("forgetting a person leaves nothing of their key in the database or its write-ahead log", async () => {
    using home = await createHearthHome();
    await using _appliance = await startAppliance(home);
    const { id } = await home.command<{ id: string }>(["person", "add", "Ann"]);
    const path = join(home.path, "hearth.db");
    using database = new Database(path, { readonly: true });
    const rows = database.query<{ wrapped: Uint8Array }, [string]>("SELECT wrapped FROM wrapped_keys WHERE owner = ?");
    const wrapped = Buffer.from(rows.get(id)?.wrapped ?? []);
    database.close();
    const isOnDisk = (): boolean =>
      [path, `${path}-wal`].some((file) => existsSync(file) && readFileSync(file).includes(wrapped));
    expect(wrapped.length).toBeGreaterThan(32);
    expect(isOnDisk()).toBe(true);
    await home.command(["person", "rm", id]);
    expect(isOnDisk()).toBe(false);
  }, 60_000);

  test("without its master key the box refuses to start rather than making a new one", async () => {
    using home = await createHearthHome();
    await home.command(["person", "add", "Ann"]);
    rmSync(join(home.path, "master.key"));
    const refused = await refusedStart(home.environment, home.path);
    expect(refused.exitCode).toBe(1);
    expect(refused.error).toMatch(/master key|master\.key/i);
  }, 60_000);

  test("a model file that vanishes while it answers leaves the box up, and the guide can take over", async () => {
    using home = await createHearthHome();
    await home.command(["model", "ls"]);
    await using appliance = await startAppliance(home);
    const { models } = await home.command<{ models: { path?: string; isGuide: boolean }[] }>(["model", "ls"]);
    const guide = models.find((model) => model.isGuide)?.path ?? "";
    mkdirSync(join(home.path, "models"), { recursive: true });
    const copy = join(home.path, "models", "mine.gguf");
    copyFileSync(guide, copy);
    expect(await home.command<{ id: string }>(["model", "use", "mine"])).toMatchObject({ id: "mine" });
    rmSync(copy);
    const status = await home
      .command<{ engine: { processId?: number } }>(["status"])
      .catch(() => ({ engine: {} }) as { engine: { processId?: number } });
    if (status.engine.processId !== undefined) process.kill(status.engine.processId, "SIGKILL");
    await Bun.sleep(1500);
    expect((await fetch(`${appliance.baseUrl}/healthz`)).status).toBe(200);
    expect(await home.command<{ id: string }>(["model", "use", "guide"])).toMatchObject({ id: "guide" });
    const ready = await fetch(`${appliance.baseUrl}/readyz`);
    expect(ready.status).toBe(200);
  }, 60_000);
});
