// SPDX-License-Identifier: AGPL-3.0-only
import { createHearthHome, startAppliance } from "../../harness/appliance-process.ts";
import { treeUsage } from "../harness/process-tree.ts";
import { type BenchRow, benchRow } from "../harness/report.ts";
import { median } from "../harness/statistics.ts";

/** Published figures of OpenClaw 2026.9.6 on a machine of this kind (two shared EPYC cores); see docs/performance.md. */
const openClaw = { startSeconds: 8.7, idleMegabytes: 924 };

/** Start of the binary to `/readyz` and idle memory of all its processes, with the guide model. */
export async function startSuite(isQuick: boolean): Promise<readonly BenchRow[]> {
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let run = 0; run < (isQuick ? 3 : 7); run += 1) {
    using home = await createHearthHome();
    await using appliance = await startAppliance(home);
    seconds.push(appliance.readyMs / 1000);
    await Bun.sleep(isQuick ? 1500 : 5000);
    megabytes.push(treeUsage(appliance.processId).residentBytes / 1e6);
  }
  return [
    benchRow(
      "first start to /readyz, median",
      median(seconds),
      "s",
      { of: "value", bound: "<", than: 1.5 },
      { name: "OpenClaw, published", value: openClaw.startSeconds },
    ),
    benchRow(
      "idle memory, all processes, median",
      median(megabytes),
      "MB",
      { of: "value", bound: "<", than: 250 },
      { name: "OpenClaw, published", value: openClaw.idleMegabytes },
    ),
  ];
}
