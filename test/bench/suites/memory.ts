// SPDX-License-Identifier: AGPL-3.0-only
import { createHearthHome, startAppliance } from "../../harness/appliance-process.ts";
import { type LoadTarget, runChats } from "../harness/load-generator.ts";
import { treeUsage } from "../harness/process-tree.ts";
import { type BenchRow, benchRow } from "../harness/report.ts";

/** Published figure of OpenClaw 2026.9.6: memory of all processes after 312 turns and 150 s of rest, against idle. */
const openClawGrowth = 1564 / 924;
const settleMs = 20_000;

/** Memory of all processes with the guide model: idle, under load, and at rest after 1,000 turns. */
export async function memorySuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  using home = await createHearthHome();
  await using appliance = await startAppliance(home);
  const { key } = await home.command<{ key: string }>(["key", "create", "--name", "bench"]);
  const target: LoadTarget = { baseUrl: `${appliance.baseUrl}/v1`, apiKey: key, model: "hearth" };
  const megabytes = (): number => treeUsage(appliance.processId).residentBytes / 1e6;
  await Bun.sleep(5000);
  const idle = megabytes();
  const turns = isQuick ? 300 : 1000;
  const timings = await runChats(target, 10, turns / 10, "memory");
  const busy = megabytes();
  await Bun.sleep(settleMs);
  const rested = megabytes();
  return [
    benchRow("idle", idle, "MB", { of: "value", bound: "<", than: 250 }),
    benchRow(`right after ${turns} turns`, busy, "MB", null),
    benchRow(
      `after ${turns} turns and ${settleMs / 1000} s of rest ÷ idle`,
      rested / idle,
      "×",
      { of: "value", bound: "<", than: 1.2 },
      { name: "OpenClaw, published, 312 turns", value: openClawGrowth },
    ),
    benchRow("turns without a whole answer", timings.filter((timing) => !timing.isAnswered).length, "turns", {
      of: "value",
      bound: "<=",
      than: 0,
    }),
  ];
}
