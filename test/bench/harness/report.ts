// SPDX-License-Identifier: AGPL-3.0-only
import { cpus, totalmem } from "node:os";
import packageJson from "../../../package.json" with { type: "json" };

/** One figure of a suite. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The figure of the named peer, measured in the same run unless `peerName` says otherwise. */
  readonly peer: number | null;
  readonly peerName?: string;
  /** value ÷ peer. */
  readonly ratio: number | null;
  /** What is to be reached, such as `< 1.5`, and of what: the value or the ratio. */
  readonly reach: string | null;
  readonly ok: boolean | null;
}

/** What `bun run bench <suite> --json` prints. */
export interface BenchReport {
  readonly suite: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly rows: readonly BenchRow[];
}

/** A bound on a figure or on its ratio to the peer's. */
export interface Reach {
  readonly of: "value" | "ratio";
  readonly bound: "<" | "<=" | ">=" | ">";
  readonly than: number;
}

/** Makes a row and decides whether it reached its bound. */
export function benchRow(
  name: string,
  value: number,
  unit: string,
  reach: Reach | null,
  peer?: { readonly name: string; readonly value: number },
): BenchRow {
  const ratio = peer === undefined ? null : value / peer.value;
  const figure = reach?.of === "ratio" ? ratio : value;
  return {
    name,
    value,
    unit,
    peer: peer?.value ?? null,
    ...(peer === undefined ? {} : { peerName: peer.name }),
    ratio,
    reach: reach === null ? null : `${reach.of === "ratio" ? "ratio " : ""}${reach.bound} ${reach.than}`,
    ok: reach === null || figure === null ? null : holds(figure, reach),
  };
}

function holds(figure: number, reach: Reach): boolean {
  if (reach.bound === "<") return figure < reach.than;
  if (reach.bound === "<=") return figure <= reach.than;
  return reach.bound === ">" ? figure > reach.than : figure >= reach.than;
}

/** The machine and versions that the figures hold for. */
export function describeMachine(): BenchReport["machine"] {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    platform: `${process.platform}-${process.arch}`,
    bun: Bun.version,
    hearth: packageJson.version,
    nodeLlamaCpp: packageJson.dependencies["node-llama-cpp"],
  };
}

/** The report as a table for people. */
export function renderReport(report: BenchReport): string {
  const machine = Object.entries(report.machine)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const head = ["figure", "value", "unit", "peer", "ratio", "reach", ""];
  const lines = report.rows.map((row) => [
    row.name,
    formatFigure(row.value),
    row.unit,
    row.peer === null ? "" : `${formatFigure(row.peer)} (${row.peerName ?? "peer"})`,
    row.ratio === null ? "" : formatFigure(row.ratio),
    row.reach ?? "",
    row.ok === null ? "" : row.ok ? "ok" : "NOT REACHED",
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)));
  const table = [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
  return `${report.suite}: ${machine}\n\n${table}\n`;
}

function formatFigure(value: number): string {
  if (value === 0) return "0";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 1 ? value.toFixed(2) : value.toPrecision(2);
}
