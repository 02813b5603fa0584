// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Model } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { InspectModelDialog } from "./inspect-model-dialog.tsx";
import { ModelFacts } from "./model-facts.tsx";
import { modelsTexts } from "./models-texts.ts";

/** A model on the box: what it is, using it, looking into it, removing it. */
export function ModelRow(props: { readonly model: Model; readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const { model } = props;
  const texts = useTexts(modelsTexts);
  const common = useTexts(commonTexts);
  const action = useAction();
  const removal = useAction();
  const [open, setOpen] = useState<"inspect" | "remove" | undefined>(undefined);
  const close = (): void => setOpen(undefined);
  const use = (): void =>
    void action.run(
      () => app.api.send<Model>("POST", "/api/models/use", { model: model.id }),
      (used) => {
        app.notice.value = texts.used(used.id);
        props.onChanged();
      },
    );
  const remove = (): void =>
    void removal.run(
      () => app.api.send("DELETE", `/api/models/${encodeURIComponent(model.id)}`),
      () => {
        app.notice.value = texts.removed(model.id);
        close();
        props.onChanged();
      },
    );
  return (
    <li class="row">
      <div class="row-main stack">
        <span class="row-title">
          {model.id}
          {model.isGuide ? <Badge tone="plain">{texts.guide}</Badge> : null}
          {model.isLoaded ? <Badge tone="good">{texts.inUse}</Badge> : null}
          {model.isDefault && !model.isLoaded ? <Badge tone="neutral">{texts.standard}</Badge> : null}
        </span>
        <ModelFacts model={model} />
        {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
        <div class="buttons">
          {model.isDefault ? null : (
            <Button isSmall kind="primary" isDisabled={action.isRunning} onPress={use}>
              {action.isRunning ? texts.using : texts.use}
            </Button>
          )}
          <Button isSmall onPress={() => setOpen("inspect")}>
            {texts.inspect}
          </Button>
          {model.isGuide || model.isDefault ? null : (
            <Button isSmall kind="danger" onPress={() => setOpen("remove")}>
              {common.remove}
            </Button>
          )}
        </div>
      </div>
      {open === "inspect" ? <InspectModelDialog id={model.id} onClose={close} /> : null}
      {open === "remove" ? (
        <ConfirmDialog
          title={texts.removeTitle(model.id)}
          confirm={common.remove}
          action={removal}
          onClose={close}
          onConfirm={remove}
        >
          <p>{texts.removeBody}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
