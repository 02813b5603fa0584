// SPDX-License-Identifier: AGPL-3.0-only
import type { SourceFiles } from "./find-boundary-violations.ts";

/** Nothing may be longer. */
export const maximumLines = 400;

/** How long source files are, in lines. */
export interface FileSizes {
  readonly median: number;
  readonly p95: number;
  /** Files over {@link maximumLines}, longest first. */
  readonly tooLong: readonly { readonly path: string; readonly lines: number }[];
}

/** Measures the files; the median and p95 are those of the program, without its tests. */
export function measureFileSizes(files: SourceFiles): FileSizes {
  const sizes = [...files].map(([path, source]) => ({ path, lines: countLines(source) }));
  const program = sizes.filter(({ path }) => !/\.test\.tsx?$|^test\//.test(path)).map(({ lines }) => lines);
  program.sort((one, other) => one - other);
  const at = (share: number): number => program[Math.min(program.length - 1, Math.floor(program.length * share))] ?? 0;
  const tooLong = sizes.filter(({ lines }) => lines > maximumLines).sort((one, other) => other.lines - one.lines);
  return { median: at(0.5), p95: at(0.95), tooLong };
}

function countLines(source: string): number {
  return source === "" ? 0 : source.split("\n").length - (source.endsWith("\n") ? 1 : 0);
}
