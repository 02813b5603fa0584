// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import type { Action } from "../api/use-action.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { ProblemNotice } from "./notice.tsx";

/** Asks before something that cannot be taken back. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly confirm: string;
  readonly action: Action;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const texts = useTexts(commonTexts);
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div>{props.children}</div>
      {props.action.problem === undefined ? null : <ProblemNotice problem={props.action.problem} />}
      <div class="buttons end">
        <Button onPress={props.onClose}>{texts.cancel}</Button>
        <Button kind="danger primary" isDisabled={props.action.isRunning} onPress={props.onConfirm}>
          {props.confirm}
        </Button>
      </div>
    </Dialog>
  );
}
