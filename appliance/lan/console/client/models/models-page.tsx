// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { ModelList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { Card } from "../ui/card.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Notice } from "../ui/notice.tsx";
import { Page } from "../ui/page.tsx";
import { ModelRow } from "./model-row.tsx";
import { modelsTexts } from "./models-texts.ts";

const refreshMs = 5000;

/** The models on the box, which of them answers, and how another one comes. */
export function ModelsPage(): JSX.Element {
  const texts = useTexts(modelsTexts);
  const models = useResource<ModelList>("/api/models", refreshMs);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Loaded resource={models}>
        {(list) => (
          <>
            {list.models.some((model) => model.isDefault && model.isGuide) ? (
              <Notice tone="neutral">
                <h2>{texts.guideTitle}</h2>
                <p>{texts.guideBody}</p>
              </Notice>
            ) : null}
            <Card title={texts.listTitle}>
              {list.models.length === 0 ? (
                <EmptyState icon="models" title={texts.none} />
              ) : (
                <ul class="rows">
                  {list.models.map((model) => (
                    <ModelRow key={model.id} model={model} onChanged={models.reload} />
                  ))}
                </ul>
              )}
            </Card>
            <Card title={texts.addTitle}>
              <p>{texts.addBody}</p>
              <pre>
                <code>hearth model use /path/to/model.gguf</code>
              </pre>
              <p class="soft">{texts.addAfter}</p>
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}
