// SPDX-License-Identifier: AGPL-3.0-only

/** What cleaning can find, in the order in which it is reported. */
export const findingCodes = [
  "invalid-unicode-replaced",
  "control-characters-removed",
  "bidi-controls-removed",
  "invisible-characters-removed",
  "hidden-text-removed",
  "combining-marks-trimmed",
] as const;

/** A code of what was taken out of a text. `hidden-text-removed`: invisible characters that spell something (Unicode tags). */
export type Finding = (typeof findingCodes)[number];
