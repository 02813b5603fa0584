// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHearthHome, eventually, startAppliance } from "../harness/appliance-process.ts";
import { webhookFaultChannel } from "./channels/webhook-channel.ts";

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
    // The peer repeats it until it is taken: while the disk is full it must not be.
    peer.say("during", "Which port does Hearth use?");
    await Bun.sleep(3000);
    expect(peer.repliesTo("during")).toEqual([]);
    expect((await fetch(`${appliance.baseUrl}/healthz`)).status).toBe(200);

    rmSync(filler);
    await eventually(() => peer.repliesTo("during").length > 0, "a reply once there is room", 45_000);
    await Bun.sleep(700);
    expect(peer.repliesTo("during")).toHaveLength(1);
    expect(peer.repliesTo("before")).toHaveLength(1);
  },
  120_000,
);
