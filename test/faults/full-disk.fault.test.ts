// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHearthHome, eventually, startAppliance } from "../harness/appliance-process.ts";
import { postOnce, webhookFaultChannel } from "./channels/webhook-channel.ts";

/** A small file system of its own; undefined where this process may not mount one. */
function smallDisk(): ({ readonly path: string } & Disposable) | undefined {
  const path = mkdtempSync(join(tmpdir(), "hearth-disk-"));
  const isMounted = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", path]).exitCode === 0;
  if (!isMounted) {
    rmSync(path, { recursive: true, force: true });
    return undefined;
  }
  return {
    path,
    [Symbol.dispose]() {
      Bun.spawnSync(["umount", "-l", path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

const canMount =
  process.platform === "linux" &&
  (() => {
    using disk = smallDisk();
    return disk !== undefined;
  })();

test.skipIf(!canMount)(
  "a full disk: nothing is acknowledged that is not kept, and all is well once there is room",
  async () => {
    using disk = smallDisk();
    if (disk === undefined) throw new Error("no disk");
    const path = join(disk.path, "home");
    mkdirSync(path);
    using home = await createHearthHome({ HEARTH_HOME: path });
    await using prepared = await webhookFaultChannel.prepare(home);
    await using appliance = await startAppliance(home);
    await using peer = await prepared.connect(appliance);
    peer.say("before", "Which port does Hearth use?");
    await eventually(() => peer.repliesTo("before").length > 0, "a reply before the disk is full", 30_000);

    const filler = join(disk.path, "filler");
    const { bavail, bsize } = statfsSync(disk.path);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    // A few may still fit into space that the write-ahead log has already; the others must be refused.
    const ids = Array.from({ length: 30 }, (_, index) => `during-${index}`);
    const statuses = new Map<string, number>();
    for (const id of ids) {
      const body = JSON.stringify({ id, from: `ann-${id}`, text: "Which port does Hearth use?" });
      statuses.set(id, await postOnce(`${appliance.baseUrl}/hooks/shop`, body));
    }
    expect([...statuses.values()].filter((status) => status !== 202).length).toBeGreaterThan(0);
    expect((await fetch(`${appliance.baseUrl}/healthz`)).status).toBe(200);

    // The power fails, somebody makes room, the box comes back, and the senders repeat what was not acknowledged.
    await appliance.stop("SIGKILL");
    rmSync(filler);
    await using _again = await startAppliance(home);
    for (const [id, status] of statuses) {
      const body = JSON.stringify({ id, from: `ann-${id}`, text: "Which port does Hearth use?" });
      if (status !== 202) expect(await postOnce(`${appliance.baseUrl}/hooks/shop`, body)).toBe(202);
    }
    await eventually(() => ids.every((id) => peer.repliesTo(id).length > 0), "a reply to each message", 45_000);
    await Bun.sleep(700);
    expect(ids.map((id) => peer.repliesTo(id).length)).toEqual(ids.map(() => 1));
    expect(peer.repliesTo("before")).toHaveLength(1);
  },
  120_000,
);
