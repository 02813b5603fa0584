// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { AddedKnowledge } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { TextField } from "../ui/text-field.tsx";
import { knowledgeTexts } from "./knowledge-texts.ts";

/** Takes a text in. */
export function AddKnowledgeCard(props: { readonly onAdded: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(knowledgeTexts);
  const action = useAction();
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [skipped, setSkipped] = useState<AddedKnowledge["skipped"]>([]);
  const add = (event: Event): void => {
    event.preventDefault();
    void action.run(
      () => app.api.send<AddedKnowledge>("POST", "/api/knowledge", { title: title.trim(), text }),
      (added) => {
        setSkipped(added.skipped);
        props.onAdded();
        if (added.sources.length === 0) return;
        app.notice.value = texts.added(title.trim());
        setTitle("");
        setText("");
      },
    );
  };
  return (
    <Card title={texts.addTitle} lead={texts.addLead}>
      <form class="form" onSubmit={add}>
        <TextField
          label={texts.name}
          value={title}
          isRequired
          maxLength={256}
          placeholder={texts.namePlaceholder}
          onInput={setTitle}
        />
        <TextField
          label={texts.text}
          hint={texts.textHint}
          value={text}
          isRequired
          isMultiline
          placeholder={texts.textPlaceholder}
          onInput={setText}
        />
        {skipped.map((one) => (
          <Notice tone="warn" key={one.path}>
            <p>{texts.skipped(one.reason)}</p>
          </Notice>
        ))}
        {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
        <div class="buttons">
          <Button kind="primary" isSubmit isDisabled={action.isRunning || title.trim() === "" || text.trim() === ""}>
            {texts.add}
          </Button>
        </div>
      </form>
    </Card>
  );
}
