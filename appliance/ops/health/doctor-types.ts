// SPDX-License-Identifier: AGPL-3.0-only

/** A text in both languages of the box. */
export interface LocalizedText {
  readonly en: string;
  readonly zh: string;
}

/** What a check found. Whatever is not `ok` says what it means and what to do. */
export type DoctorFinding =
  | { readonly status: "ok"; readonly what: LocalizedText }
  | {
      readonly status: "warn" | "fail";
      /** What was found, with the values. */
      readonly what: LocalizedText;
      /** What it means. */
      readonly why: LocalizedText;
      /** What to do next. */
      readonly fix: LocalizedText;
    };

/** One thing that the doctor looks at. It reads facts that are given to it and judges them. */
export interface DoctorCheck {
  /** Stable, kebab-case. */
  readonly id: string;
  run(signal: AbortSignal): Promise<DoctorFinding> | DoctorFinding;
}

/** A finding with the check it comes from. */
export type DoctorResult = DoctorFinding & { readonly id: string };

export interface DoctorReport {
  /** The worst of all. */
  readonly status: "ok" | "warn" | "fail";
  readonly checks: DoctorResult[];
}

/** Looks the box over. */
export interface Doctor {
  /** Never rejects: a check that fails to run, or takes too long, is a finding. */
  run(signal: AbortSignal): Promise<DoctorReport>;
}
