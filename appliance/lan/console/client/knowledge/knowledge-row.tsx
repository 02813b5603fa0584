// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KnowledgeList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { knowledgeTexts } from "./knowledge-texts.ts";

/** One source, and removing it. */
export function KnowledgeRow(props: {
  readonly source: KnowledgeList["sources"][number];
  readonly onChanged: () => void;
}): JSX.Element {
  const app = useApp();
  const { source } = props;
  const texts = useTexts(knowledgeTexts);
  const common = useTexts(commonTexts);
  const format = app.formatter.value;
  const action = useAction();
  const [isAsking, setAsking] = useState(false);
  const facts = [
    ...(source.kind === "handbook" ? [texts.handbook] : []),
    texts.passages(format.number(source.passages)),
    format.bytes(source.sizeBytes),
    ...(source.kind === "handbook" ? [] : [texts.addedAt(format.dateTime(source.addedMs))]),
    ...(source.path === undefined ? [] : [source.path]),
  ];
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{source.title}</span>
        <span class="small soft breakable">{facts.join(" · ")}</span>
      </div>
      {source.isRemovable ? (
        <Button
          isSmall
          kind="danger"
          label={`${common.remove}: ${source.title}`}
          onPress={() => {
            action.clear();
            setAsking(true);
          }}
        >
          {common.remove}
        </Button>
      ) : null}
      {isAsking ? (
        <ConfirmDialog
          title={texts.removeTitle(source.title)}
          confirm={common.remove}
          action={action}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            void action.run(
              () => app.api.send("DELETE", `/api/knowledge/${encodeURIComponent(source.id)}`),
              () => {
                app.notice.value = texts.removed(source.title);
                setAsking(false);
                props.onChanged();
              },
            )
          }
        >
          <p>{texts.removeBody}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
