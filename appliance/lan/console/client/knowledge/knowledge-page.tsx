// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { KnowledgeList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Page } from "../ui/page.tsx";
import { AddKnowledgeCard } from "./add-knowledge-card.tsx";
import { KnowledgeRow } from "./knowledge-row.tsx";
import { knowledgeTexts } from "./knowledge-texts.ts";
import { SearchKnowledgeCard } from "./search-knowledge-card.tsx";

/** What the agent reads from: sources, adding one, trying the search. */
export function KnowledgePage(): JSX.Element {
  const texts = useTexts(knowledgeTexts);
  const knowledge = useResource<KnowledgeList>("/api/knowledge");
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Card title={texts.listTitle}>
        <Loaded resource={knowledge}>
          {({ sources }) => (
            <>
              <ul class="rows">
                {sources.map((source) => (
                  <KnowledgeRow key={source.id} source={source} onChanged={knowledge.reload} />
                ))}
              </ul>
              {sources.some((source) => source.isRemovable) ? null : (
                <EmptyState icon="knowledge" title={texts.emptyTitle}>
                  <p>{texts.emptyBody}</p>
                </EmptyState>
              )}
            </>
          )}
        </Loaded>
      </Card>
      <AddKnowledgeCard onAdded={knowledge.reload} />
      <SearchKnowledgeCard />
    </Page>
  );
}
