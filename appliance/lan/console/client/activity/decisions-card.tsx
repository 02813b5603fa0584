// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { DecisionList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Card } from "../ui/card.tsx";
import { channelName } from "../ui/channel-name.ts";
import { Loaded } from "../ui/loaded.tsx";
import { activityTexts } from "./activity-texts.ts";

const refreshMs = 5000;

/** The gateway's latest decisions, each with the rule that decided. */
export function DecisionsCard(): JSX.Element {
  const texts = useTexts(activityTexts);
  const common = useTexts(commonTexts);
  const format = useApp().formatter.value;
  const decisions = useResource<DecisionList>("/api/decisions?limit=20", refreshMs);
  return (
    <Card title={texts.decisionsTitle}>
      <Loaded resource={decisions}>
        {(list) =>
          list.decisions.length === 0 ? (
            <p class="soft">{texts.decisionsEmpty}</p>
          ) : (
            <ul class="rows">
              {list.decisions.map((decision) => (
                <li class="row" key={`${decision.atMs}/${decision.channel}/${decision.sender}`}>
                  <div class="row-main">
                    <span class="row-title">
                      {decision.sender}
                      <Badge tone={decision.isAllowed ? "good" : "bad"}>
                        {decision.isAllowed ? texts.allowed : texts.refused}
                      </Badge>
                    </span>
                    <span class="small breakable">{decision.explanation}</span>
                    <span class="small soft breakable">
                      {[channelName(common, decision.channel), decision.reason, ...decision.findings].join(" · ")}
                    </span>
                  </div>
                  <time class="small soft" dateTime={new Date(decision.atMs).toISOString()}>
                    {format.time(decision.atMs)}
                  </time>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
