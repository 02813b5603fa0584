// SPDX-License-Identifier: AGPL-3.0-only

/** A value over time; null where nothing was measured. */
export interface PlotPoint {
  readonly atMs: number;
  readonly value: number | null;
}

/** A curve in a box of `width` × `height`, as SVG path data. */
export interface PlottedLine {
  /** The curve: broken where nothing was measured. */
  readonly line: string;
  /** Points with nothing measured on either side, as lines of no length, which round ends make dots. */
  readonly dots: string;
  /** The area between the curve and the bottom. */
  readonly area: string;
}

/** The end of the scale for a highest value: 1, 2 or 5 times a power of ten, so that its middle is a plain number too. */
export function niceCeiling(highest: number): number {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 5, 10].find((step) => step * power >= highest * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Draws points between two times, with 0 at the bottom and `ceiling` at the top. Points outside are left out. */
export function plotLine(
  points: readonly PlotPoint[],
  frame: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly ceiling: number;
    readonly width: number;
    readonly height: number;
  },
): PlottedLine {
  const { fromMs, toMs, ceiling, width, height } = frame;
  const round = (value: number): number => Math.round(value * 100) / 100;
  const runs: (readonly [number, number])[][] = [];
  let run: (readonly [number, number])[] = [];
  for (const { atMs, value } of points) {
    if (atMs < fromMs || atMs > toMs) continue;
    if (value === null) {
      if (run.length > 0) runs.push(run);
      run = [];
      continue;
    }
    const x = round(((atMs - fromMs) / Math.max(1, toMs - fromMs)) * width);
    const y = round(height - Math.min(1, Math.max(0, value / ceiling)) * height);
    run.push([x, y]);
  }
  if (run.length > 0) runs.push(run);
  const join = (corners: readonly (readonly [number, number])[]): string =>
    corners.map(([x, y]) => `${x} ${y}`).join("L");
  const curves = runs.filter((corners) => corners.length > 1);
  const lone = runs.filter((corners) => corners.length === 1);
  return {
    line: curves.map((corners) => `M${join(corners)}`).join(""),
    dots: lone.map((corners) => `M${join([...corners, ...corners])}`).join(""),
    area: curves
      .map((corners) => `M${corners[0]?.[0] ?? 0} ${height}L${join(corners)}L${corners.at(-1)?.[0] ?? 0} ${height}Z`)
      .join(""),
  };
}
