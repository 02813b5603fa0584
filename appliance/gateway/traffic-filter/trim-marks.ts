// SPDX-License-Identifier: AGPL-3.0-only
import type { Finding } from "./finding.ts";

/** More marks than any script puts on one letter; what stacks higher hides other lines and costs tokens. */
const tooManyMarks = /(\p{M}{8})\p{M}+/gu;

/** Cuts towers of combining marks ("Zalgo") to eight. */
export function trimMarks(text: string, found: Set<Finding>): string {
  const trimmed = text.replace(tooManyMarks, "$1");
  if (trimmed !== text) found.add("combining-marks-trimmed");
  return trimmed;
}
