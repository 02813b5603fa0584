// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ActivityPoint } from "../../../http-api/index.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { activityTexts } from "./activity-texts.ts";
import { LineChart } from "./line-chart.tsx";
import { useActivity } from "./use-activity.ts";

const shortestMs = 2 * 60_000;
const tableRows = 60;

function Charts(props: { readonly points: readonly ActivityPoint[] }): JSX.Element {
  const texts = useTexts(activityTexts);
  const format = useApp().formatter.value;
  const { points } = props;
  const toMs = points.at(-1)?.atMs ?? 0;
  const fromMs = Math.min(points[0]?.atMs ?? 0, toMs - shortestMs);
  const pick = (value: (point: ActivityPoint) => number | null) =>
    points.map((point) => ({ atMs: point.atMs, value: value(point) }));
  return (
    <div class="grid">
      <LineChart
        title={texts.speed}
        points={pick((point) => point.decodeTokensPerSecond)}
        fromMs={fromMs}
        toMs={toMs}
        format={(value) => format.number(value, 1)}
      />
      <LineChart
        title={texts.firstToken}
        points={pick((point) => point.timeToFirstTokenP50Ms)}
        fromMs={fromMs}
        toMs={toMs}
        format={format.duration}
      />
      <LineChart
        title={texts.queue}
        points={pick((point) => point.running + point.queued)}
        fromMs={fromMs}
        toMs={toMs}
        format={(value) => format.number(value, 1)}
      />
      <LineChart
        title={texts.memory}
        points={pick((point) => point.memoryBytes + point.engineMemoryBytes)}
        fromMs={fromMs}
        toMs={toMs}
        format={format.bytes}
      />
    </div>
  );
}

function PointsTable(props: { readonly points: readonly ActivityPoint[] }): JSX.Element {
  const texts = useTexts(activityTexts);
  const format = useApp().formatter.value;
  return (
    <ScrollArea label={texts.chartsTitle}>
      <table class="number">
        <thead>
          <tr>
            {[texts.time, texts.speed, texts.firstToken, texts.running, texts.waiting, texts.memory].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.points
            .slice(-tableRows)
            .reverse()
            .map((point) => (
              <tr key={point.atMs}>
                <th scope="row">{format.time(point.atMs)}</th>
                <td>{format.number(point.decodeTokensPerSecond, 1)}</td>
                <td>
                  {point.timeToFirstTokenP50Ms === null ? texts.nothing : format.duration(point.timeToFirstTokenP50Ms)}
                </td>
                <td>{format.number(point.running)}</td>
                <td>{format.number(point.queued)}</td>
                <td>{format.bytes(point.memoryBytes + point.engineMemoryBytes)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** The live charts, or the same as a table. */
export function ChartsCard(): JSX.Element {
  const texts = useTexts(activityTexts);
  const { points, resource, isLive } = useActivity();
  const [isTable, setTable] = useState(false);
  return (
    <Card
      title={texts.chartsTitle}
      actions={
        <div class="buttons">
          <Badge tone={isLive ? "good" : "warn"}>{isLive ? texts.live : texts.notLive}</Badge>
          <Button isSmall onPress={() => setTable(!isTable)}>
            {isTable ? texts.asCharts : texts.asTable}
          </Button>
        </div>
      }
    >
      <Loaded resource={resource}>
        {() =>
          points.length === 0 ? (
            <p class="soft">{texts.chartsEmpty}</p>
          ) : isTable ? (
            <PointsTable points={points} />
          ) : (
            <Charts points={points} />
          )
        }
      </Loaded>
    </Card>
  );
}
