// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useTexts } from "../app/use-texts.ts";
import { activityTexts } from "./activity-texts.ts";
import { niceCeiling, type PlotPoint, plotLine } from "./plot-line.ts";

const width = 300;
const height = 100;

/** A live curve with its latest value. The picture says nothing to a screen reader beyond its one sentence; the table does. */
export function LineChart(props: {
  readonly title: string;
  readonly points: readonly PlotPoint[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly format: (value: number) => string;
}): JSX.Element {
  const texts = useTexts(activityTexts);
  const { points, fromMs, toMs, format } = props;
  const values = points.flatMap((point) => (point.value === null || point.atMs < fromMs ? [] : [point.value]));
  const peak = values.length === 0 ? 0 : Math.max(...values);
  const latest = values.at(-1);
  const ceiling = niceCeiling(peak);
  const { line, dots, area } = plotLine(points, { fromMs, toMs, ceiling, width, height });
  const said = latest === undefined ? texts.nothing : format(latest);
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <h3>{props.title}</h3>
        <span class="small soft number">{values.length === 0 ? "" : texts.peak(format(peak))}</span>
      </figcaption>
      <div class="chart-value">{said}</div>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${props.title}: ${said}${values.length === 0 ? "" : `, ${texts.peak(format(peak))}`}`}
      >
        {[0, 0.5, 1].map((share) => (
          <line key={share} class="grid-line" x1={0} x2={width} y1={share * height} y2={share * height} />
        ))}
        <path class="area" d={area} />
        <path class="series" d={line} />
        <path class="series dots" d={dots} />
      </svg>
      <div class="chart-scale" aria-hidden="true">
        <span>{texts.minutesAgo(String(Math.round((toMs - fromMs) / 60_000)))}</span>
        <span>{values.length === 0 ? "" : `0 – ${format(ceiling)}`}</span>
        <span>{texts.now}</span>
      </div>
    </figure>
  );
}
