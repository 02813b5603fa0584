// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { LogLine, LogList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { activityTexts } from "./activity-texts.ts";

const refreshMs = 4000;
const levels = ["debug", "info", "warn", "error"] as const;

function describeLine(line: LogLine): string {
  const fields = Object.entries(line.fields).map(([name, value]) => `${name}=${String(value)}`);
  return [line.module, line.event, ...fields].join(" ");
}

/** The latest lines of the log, newest first. */
export function LogsCard(): JSX.Element {
  const texts = useTexts(activityTexts);
  const format = useApp().formatter.value;
  const logs = useResource<LogList>("/api/logs?limit=300", refreshMs);
  const [level, setLevel] = useState<LogLine["level"]>("info");
  return (
    <Card
      title={texts.logsTitle}
      lead={texts.logsLead}
      actions={
        <SelectField
          label={texts.level}
          isLabelHidden
          value={level}
          options={levels.map((value) => ({ value, text: value }))}
          onChange={setLevel}
        />
      }
    >
      <Loaded resource={logs}>
        {({ lines }) => {
          const shown = lines.filter((line) => levels.indexOf(line.level) >= levels.indexOf(level)).reverse();
          return shown.length === 0 ? (
            <p class="soft">{texts.logsEmpty}</p>
          ) : (
            <ScrollArea label={texts.logsTitle} isLog>
              <table>
                <tbody>
                  {shown.map((line) => (
                    <tr key={line.sequence}>
                      <td class="number">{format.time(line.atMs)}</td>
                      <td class={line.level === "error" || line.level === "warn" ? `log-${line.level}` : ""}>
                        {line.level}
                      </td>
                      <td class="breakable">{describeLine(line)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollArea>
          );
        }}
      </Loaded>
    </Card>
  );
}
