// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KnowledgeSearch } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { TextField } from "../ui/text-field.tsx";
import { knowledgeTexts } from "./knowledge-texts.ts";

/** Shows what the agent would be shown for a question. */
export function SearchKnowledgeCard(): JSX.Element {
  const texts = useTexts(knowledgeTexts);
  const [question, setQuestion] = useState("");
  const [asked, setAsked] = useState("");
  const found = useResource<KnowledgeSearch>(
    asked === "" ? null : `/api/knowledge/search?limit=5&q=${encodeURIComponent(asked)}`,
  );
  return (
    <Card title={texts.searchTitle} lead={texts.searchLead}>
      <form
        class="form-row"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(question.trim());
          found.reload();
        }}
      >
        <TextField label={texts.question} type="search" value={question} maxLength={1024} onInput={setQuestion} />
        <Button isSubmit isDisabled={question.trim() === ""}>
          {texts.search}
        </Button>
      </form>
      <div aria-live="polite">
        {asked === "" ? null : (
          <Loaded resource={found}>
            {({ passages }) =>
              passages.length === 0 ? (
                <p class="soft">{texts.nothingFound}</p>
              ) : (
                <ol class="rows">
                  {passages.map((passage) => (
                    <li class="row" key={`${passage.sourceId}/${passage.heading}/${passage.text}`}>
                      <div class="row-main">
                        <h3>{passage.heading}</h3>
                        <Markdown text={passage.text} />
                        <span class="small soft">{texts.from(passage.title)}</span>
                      </div>
                    </li>
                  ))}
                </ol>
              )
            }
          </Loaded>
        )}
      </div>
    </Card>
  );
}
