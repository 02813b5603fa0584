// SPDX-License-Identifier: AGPL-3.0-only
import { expect, test } from "bun:test";
import { createHearthHome, eventually, startAppliance } from "../harness/appliance-process.ts";
import { webhookFaultChannel } from "./channels/webhook-channel.ts";

interface EngineStatus {
  readonly engine: { readonly processId?: number; readonly restarts: number; readonly state: string };
}

test("an engine that hangs is found, ended and replaced, and what was asked meanwhile is answered once", async () => {
  using home = await createHearthHome();
  await using prepared = await webhookFaultChannel.prepare(home);
  await using appliance = await startAppliance(home);
  await using peer = await prepared.connect(appliance);
  const before = await home.command<EngineStatus>(["status"]);
  process.kill(before.engine.processId ?? 0, "SIGSTOP");
  peer.say("m1", "Which port does Hearth use?");
  await eventually(() => peer.repliesTo("m1").length > 0, "a reply in spite of the hang", 45_000);
  await Bun.sleep(700);
  expect(peer.repliesTo("m1")).toHaveLength(1);
  const after = await home.command<EngineStatus>(["status"]);
  expect(after.engine.restarts).toBeGreaterThan(0);
  expect(after.engine.processId).not.toBe(before.engine.processId);
}, 90_000);
