// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Status } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { findNeeds, judgeWellness } from "./find-needs.ts";
import { FirstStepsCard } from "./first-steps-card.tsx";
import { homeTexts } from "./home-texts.ts";
import { NeedsCard } from "./needs-card.tsx";

const refreshMs = 5000;

function WellnessNotice(props: { readonly status: Status }): JSX.Element {
  const texts = useTexts(homeTexts);
  const said = {
    well: { tone: "good", title: texts.well, body: texts.wellBody },
    attention: { tone: "warn", title: texts.attention, body: undefined },
    starting: { tone: "neutral", title: texts.starting, body: texts.startingBody },
    broken: { tone: "bad", title: texts.broken, body: texts.brokenBody },
  } as const;
  const { tone, title, body } = said[judgeWellness(props.status)];
  return (
    <Notice tone={tone}>
      <h2>{title}</h2>
      {body === undefined ? null : <p>{body}</p>}
    </Notice>
  );
}

function BoxFacts(props: { readonly status: Status }): JSX.Element {
  const texts = useTexts(homeTexts);
  const format = useApp().formatter.value;
  const { engine, channels, queues, ...status } = props.status;
  const speed = engine.decodeTokensPerSecond;
  return (
    <Card title={texts.factsTitle}>
      <Facts
        facts={[
          [texts.model, engine.model === undefined || engine.model === "guide" ? texts.guideModel : engine.model],
          [texts.speed, speed > 0 ? texts.speedValue(format.number(speed, speed < 10 ? 1 : 0)) : texts.speedNone],
          [
            texts.answering,
            texts.answeringValue(format.number(engine.runningSequences), format.number(engine.maxSequences)),
          ],
          [texts.waiting, format.number(queues.inboxWaiting)],
          [texts.sending, format.number(queues.outboxWaiting)],
          [texts.memory, format.bytes(status.memoryBytes + engine.memoryBytes)],
          [texts.channels, texts.channelsValue(format.number(channels.online), format.number(channels.total))],
          [texts.people, format.number(status.people)],
          [texts.since, format.dateTime(status.startedMs)],
          [texts.version, status.version],
          [texts.addresses, status.addresses.map((address) => <div key={address}>{address}</div>)],
        ]}
      />
    </Card>
  );
}

/** Is it well? What needs me? */
export function HomePage(): JSX.Element {
  const texts = useTexts(homeTexts);
  const status = useResource<Status>("/api/status", refreshMs);
  return (
    <Page title={texts.title}>
      <Loaded resource={status}>
        {(value) => (
          <>
            <WellnessNotice status={value} />
            <NeedsCard needs={findNeeds(value)} />
            <FirstStepsCard />
            <BoxFacts status={value} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
