// SPDX-License-Identifier: AGPL-3.0-only

/** How hard a check is to meet: bronze is what a channel needs at all. */
export type Grade = "bronze" | "silver" | "gold";

/** What became of the messages of one scenario. */
export interface Tally {
  readonly scenario: string;
  readonly sent: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unknown: number;
}

/** Collects what the suite finds of one adapter. */
export interface ConformanceReport {
  passed(grade: Grade, check: string): void;
  /** The channel has no such thing. */
  left(check: string): void;
  planned(grade: Grade, check: string): void;
  tally(row: Tally): void;
  print(): void;
}

const grades: readonly Grade[] = ["bronze", "silver", "gold"];

/** Makes the {@link ConformanceReport} of an adapter. */
export function createConformanceReport(adapter: string): ConformanceReport {
  const checks = new Map<string, { grade: Grade; hasPassed: boolean }>();
  const rows: Tally[] = [];
  const notApplicable: string[] = [];
  const gradeReached = (): Grade | "none" => {
    let reached: Grade | "none" = "none";
    for (const grade of grades) {
      const isMet = [...checks.values()].every((check) => check.grade !== grade || check.hasPassed);
      if (!isMet) return reached;
      reached = grade;
    }
    return reached;
  };
  return {
    planned: (grade, check) => void checks.set(check, { grade, hasPassed: false }),
    passed: (grade, check) => void checks.set(check, { grade, hasPassed: true }),
    left(check) {
      checks.delete(check);
      notApplicable.push(check);
    },
    tally: (row) => void rows.push(row),
    print() {
      const line = ({ scenario, sent, lost, duplicated, unknown }: Tally): string =>
        `  ${scenario.padEnd(44)}${[sent, lost, duplicated, unknown].map((value) => String(value).padStart(11)).join("")}`;
      const failed = [...checks].flatMap(([name, { hasPassed }]) => (hasPassed ? [] : [name]));
      console.log(
        [
          `${adapter}: ${gradeReached()} (${checks.size - failed.length} of ${checks.size} checks)`,
          `  ${"scenario".padEnd(44)}${["sent", "lost", "duplicated", "unknown"].map((name) => name.padStart(11)).join("")}`,
          ...rows.map(line),
          ...notApplicable.map((name) => `  does not apply: ${name}`),
          ...failed.map((name) => `  not met: ${name}`),
        ].join("\n"),
      );
    },
  };
}
