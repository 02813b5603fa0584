// SPDX-License-Identifier: AGPL-3.0-only
import { afterAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryDirectory } from "../../shared/testing/index.ts";

// The whole box, on a data folder that fails it: in use, damaged, full.

const main = resolve(import.meta.dir, "../../appliance/app/main.ts");
const secret = "a webhook secret for this test";

function startHearth(home: string, ...words: readonly string[]) {
  return Bun.spawn([process.execPath, main, ...words], {
    env: { HEARTH_HOME: home, HEARTH_LISTEN: "127.0.0.1:0", PATH: process.env.PATH ?? "" },
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function run(home: string, ...words: readonly string[]) {
  const child = startHearth(home, ...words);
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { exitCode: await child.exited, output, errors };
}

/** Starts the box and returns it with its address once it is up. */
async function startBox(home: string) {
  const child = startHearth(home, "up");
  const reader = child.stdout.getReader();
  let output = "";
  for (let origin: string | undefined; ; ) {
    origin = /(http:\S+)\/sign-in#/.exec(output)?.[1];
    if (origin !== undefined) return { child, origin };
    const { done, value } = await reader.read();
    if (done) throw new Error(`the box ended: ${await new Response(child.stderr).text()}`);
    output += new TextDecoder().decode(value);
  }
}

async function stop(child: ReturnType<typeof startHearth>): Promise<void> {
  child.kill("SIGKILL");
  await child.exited;
}

test("a second appliance on the data folder is refused and told who holds it", async () => {
  using directory = temporaryDirectory();
  const { child } = await startBox(directory.path);
  try {
    const second = await run(directory.path, "up");
    expect(second.exitCode).not.toBe(0);
    expect(second.errors).toContain(`in use by process ${child.pid}`);
    expect(second.errors).toContain("HEARTH_HOME");
  } finally {
    await stop(child);
  }
  const { child: next } = await startBox(directory.path);
  await stop(next);
}, 60_000);

test("on a damaged database the box does not start, says why and how to restore, and changes nothing", async () => {
  using directory = temporaryDirectory();
  expect((await run(directory.path, "person", "ls", "--json")).exitCode).toBe(0);
  const path = join(directory.path, "hearth.db");
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 6 * 4096, 6 * 4096 + 100);
  writeFileSync(path, bytes);
  for (const command of [["up"], ["person", "ls", "--json"]]) {
    const { exitCode, errors } = await run(directory.path, ...command);
    expect(exitCode).not.toBe(0);
    expect(errors).toContain(path);
    expect(errors).toContain("damaged");
    expect(errors).toContain("saved copy of the whole data folder");
  }
  expect(readFileSync(path).equals(bytes)).toBe(true);
}, 60_000);

test("without its master key the box does not start, and makes no new one", async () => {
  using directory = temporaryDirectory();
  expect((await run(directory.path, "person", "ls", "--json")).exitCode).toBe(0);
  rmSync(join(directory.path, "master.key"));
  const { exitCode, errors } = await run(directory.path, "up");
  expect(exitCode).not.toBe(0);
  expect(errors).toContain("master.key");
  expect(existsSync(join(directory.path, "master.key"))).toBe(false);
}, 60_000);

/** A disk of a few MiB, where this test may make one. */
function mountSmallDisk(path: string, mebibytes: number): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  mkdirSync(path, { recursive: true });
  return Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", path]).exitCode === 0;
}

const scratch = temporaryDirectory();
const disk = join(scratch.path, "disk");
const canMount = mountSmallDisk(disk, 16);
afterAll(() => {
  if (canMount) Bun.spawnSync(["umount", disk]);
  scratch[Symbol.dispose]();
});

test.skipIf(!canMount)(
  "with a full disk the box takes no message it cannot keep, and answers every one it took",
  async () => {
    const replies = new Map<string, number>();
    using callback = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        const { in_reply_to: eventId, id } = (await request.json()) as { in_reply_to: string; id: string };
        const key = `${eventId} ${id}`;
        replies.set(key, (replies.get(key) ?? 0) + 1);
        return new Response(null, { status: 204 });
      },
    });
    const target = `http://127.0.0.1:${callback.port}/`;
    const home = join(disk, "home");
    const added = await run(
      home,
      "channel",
      "add",
      "webhook",
      "--name",
      "shop",
      "--secret",
      secret,
      "--callback",
      target,
      "--anyone",
      "--json",
    );
    expect([added.exitCode, added.errors]).toEqual([0, ""]);
    const { child, origin } = await startBox(home);
    try {
      const statuses = new Map<string, number>();
      const say = async (id: string) => {
        const body = JSON.stringify({ id, from: `ann-${id}`, text: `hello ${id} ${"x".repeat(3000)}` });
        const signature = createHmac("sha256", secret).update(body).digest("hex");
        const headers = { "content-type": "application/json", "x-hearth-signature": `sha256=${signature}` };
        const { status } = await fetch(`${origin}/hooks/shop`, { method: "POST", headers, body });
        statuses.set(id, status);
        return status;
      };
      expect(await say("first")).toBe(202);
      const ballast = join(disk, "ballast");
      Bun.spawnSync(["dd", "if=/dev/zero", `of=${ballast}`, "bs=4096"], { stderr: "ignore" });
      expect(statSync(ballast).size).toBeGreaterThan(4096);
      for (let n = 0; n < 40; n++) await say(`full-${n}`);
      const refused = [...statuses.values()].filter((status) => status !== 202);
      expect(refused.length).toBeGreaterThan(5);
      for (const status of refused) expect(status).toBeGreaterThanOrEqual(500);
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      rmSync(ballast);
      // Who was refused sends again, as a webhook's sender does.
      for (const id of statuses.keys()) {
        for (let tries = 0; statuses.get(id) !== 202 && tries < 20; tries++) {
          await say(id);
          if (statuses.get(id) !== 202) await Bun.sleep(200);
        }
      }
      expect([...statuses.values()].every((status) => status === 202)).toBe(true);
      const answered = () => new Set([...replies.keys()].map((key) => key.split(" ")[0]));
      for (let tries = 0; answered().size < statuses.size && tries < 300; tries++) await Bun.sleep(200);
      expect([...statuses.keys()].filter((id) => !answered().has(id))).toEqual([]);
      // One reply an event: several ids for one event would be several answers.
      expect(replies.size).toBe(statuses.size);
    } finally {
      await stop(child);
    }
  },
  180_000,
);
