// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useTexts } from "../app/use-texts.ts";
import { Page } from "../ui/page.tsx";
import { activityTexts } from "./activity-texts.ts";
import { ChartsCard } from "./charts-card.tsx";
import { DecisionsCard } from "./decisions-card.tsx";
import { DoctorCard } from "./doctor-card.tsx";
import { LogsCard } from "./logs-card.tsx";
import { QueuesCard } from "./queues-card.tsx";

/** What the box does now and did lately, and whether it is sound. */
export function ActivityPage(): JSX.Element {
  const texts = useTexts(activityTexts);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <ChartsCard />
      <QueuesCard />
      <DecisionsCard />
      <DoctorCard />
      <LogsCard />
    </Page>
  );
}
