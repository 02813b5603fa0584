// SPDX-License-Identifier: AGPL-3.0-only
import { type Finding, findingCodes } from "./finding.ts";
import { keepVisible } from "./keep-visible.ts";
import { trimMarks } from "./trim-marks.ts";

export type CleanResult =
  | { readonly kind: "clean"; readonly text: string; readonly findings: readonly Finding[] }
  | { readonly kind: "empty"; readonly findings: readonly Finding[] }
  | { readonly kind: "too-large"; readonly length: number; readonly maxLength: number };

const plainAscii = /^[\n\t\x20-\x7e]*$/;

/**
 * Makes of a text from outside what a reader of it saw: well-formed, in Unicode NFC, line ends as \n, without characters
 * that do not show. Sequences that need joiners or selectors (emoji, Persian, Indic scripts, Han variants) stay whole.
 * The size is looked at before anything else. Pure and idempotent. `maxLength` is in UTF-16 units.
 */
export function cleanText(raw: string, maxLength: number): CleanResult {
  if (raw.length > maxLength) return { kind: "too-large", length: raw.length, maxLength };
  if (plainAscii.test(raw)) return ended(raw.trim(), new Set());
  const found = new Set<Finding>();
  const wellFormed = raw.toWellFormed();
  if (wellFormed !== raw) found.add("invalid-unicode-replaced");
  const withLineEnds = wellFormed.replace(/\r\n?|\u2028|\u2029|\u0085/g, "\n");
  const visible = keepVisible(withLineEnds, found).normalize("NFC");
  // Composition makes new neighbours, so that a selector or joiner kept before may have lost its reason.
  const settled = keepVisible(trimMarks(visible, found), found).normalize("NFC");
  return ended(settled.trim(), found);
}

function ended(text: string, found: ReadonlySet<Finding>): CleanResult {
  const findings = findingCodes.filter((code) => found.has(code));
  return text === "" ? { kind: "empty", findings } : { kind: "clean", text, findings };
}
