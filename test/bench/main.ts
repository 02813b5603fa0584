// SPDX-License-Identifier: AGPL-3.0-only
/**
 * `bun run bench <suite> [--quick] [--json]`: measures, prints a table (or one JSON document) and exits non-zero when a
 * figure was not reached. `bun run bench` lists the suites, `bun run bench all` runs them one after the other.
 */
import { parseArgs } from "node:util";
import { type BenchReport, type BenchRow, describeMachine, renderReport } from "./harness/report.ts";
import { decodeSuite } from "./suites/decode.ts";
import { memorySuite } from "./suites/memory.ts";
import { messagesSuite } from "./suites/messages.ts";
import { overheadSuite } from "./suites/overhead.ts";
import { recoverySuite } from "./suites/recovery.ts";
import { startSuite } from "./suites/start.ts";

const suites: Readonly<Record<string, { readonly what: string; run(isQuick: boolean): Promise<readonly BenchRow[]> }>> =
  {
    start: { what: "start to /readyz and idle memory", run: startSuite },
    overhead: { what: "the box's own cost of a turn, against a stub model server", run: overheadSuite },
    decode: { what: "aggregate decoding against node-llama-cpp's own batching", run: decodeSuite },
    messages: { what: "durable messages through inbox and outbox", run: messagesSuite },
    memory: { what: "memory idle, under load and at rest after 1,000 turns", run: memorySuite },
    recovery: { what: "engine killed in the middle of an answer", run: recoverySuite },
  };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const chosen = positionals[0] === "all" ? Object.keys(suites) : positionals;
const unknown = chosen.find((name) => suites[name] === undefined);
if (chosen.length === 0 || unknown !== undefined) {
  const list = Object.entries(suites).map(([name, suite]) => `  ${name.padEnd(10)} ${suite.what}\n`);
  process.stderr.write(
    `${unknown === undefined ? "" : `there is no suite "${unknown}"\n`}suites:\n${list.join("")}  all        one after the other\n`,
  );
  process.exit(2);
}
const reports: BenchReport[] = [];
for (const name of chosen) {
  const rows = (await suites[name]?.run(values.quick)) ?? [];
  const report = { suite: name, machine: describeMachine(), rows };
  reports.push(report);
  if (!values.json) process.stdout.write(`${renderReport(report)}\n`);
}
if (values.json) process.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
process.exit(reports.some((report) => report.rows.some((row) => row.ok === false)) ? 1 : 0);
