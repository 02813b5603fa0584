// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { DoctorCheck, DoctorReport } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { activityTexts } from "./activity-texts.ts";

const order: Readonly<Record<DoctorCheck["status"], number>> = { fail: 0, warn: 1, ok: 2 };

function CheckRow(props: { readonly check: DoctorCheck }): JSX.Element {
  const texts = useTexts(activityTexts);
  const language = useApp().language.value;
  const { check } = props;
  const said = {
    ok: { tone: "good", text: texts.doctorOk },
    warn: { tone: "warn", text: texts.doctorWarn },
    fail: { tone: "bad", text: texts.doctorFail },
  } as const;
  const { tone, text } = said[check.status];
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{check.what[language]}</span>
        {check.why === undefined ? null : <span class="small soft">{check.why[language]}</span>}
        {check.fix === undefined ? null : <span class="small">{check.fix[language]}</span>}
      </div>
      <Badge tone={tone}>{text}</Badge>
    </li>
  );
}

/** What `hearth doctor` finds, the worst first. */
export function DoctorCard(): JSX.Element {
  const texts = useTexts(activityTexts);
  const report = useResource<DoctorReport>("/api/doctor");
  return (
    <Card
      title={texts.doctorTitle}
      actions={
        <Button isSmall onPress={report.reload}>
          {texts.doctorAgain}
        </Button>
      }
    >
      <Loaded resource={report}>
        {({ checks }) => (
          <ul class="rows">
            {[...checks]
              .sort((one, other) => order[one.status] - order[other.status])
              .map((check) => (
                <CheckRow key={check.id} check={check} />
              ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}
