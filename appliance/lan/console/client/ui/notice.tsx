// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import type { ApiProblem } from "../api/api-client.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

/** Something to be noticed, with what can be done about it. `isUrgent`: read out at once. */
export function Notice(props: {
  readonly tone: "good" | "warn" | "bad" | "neutral";
  readonly isUrgent?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const icon = props.tone === "good" ? "check" : props.tone === "neutral" ? "info" : "alert";
  return (
    <div class={`notice ${props.tone}`} {...(props.isUrgent === true ? { role: "alert" } : {})}>
      <Icon name={icon} />
      <div class="notice-body">{props.children}</div>
    </div>
  );
}

/** Why a request failed: what happened, what to do, and trying again where that is possible. */
export function ProblemNotice(props: { readonly problem: ApiProblem; readonly onRetry?: () => void }): JSX.Element {
  const texts = useTexts(commonTexts);
  const { problem } = props;
  return (
    <Notice tone="bad" isUrgent>
      <p>{problem.status === 0 ? texts.networkProblem : problem.message}</p>
      <ProblemRemedy remedy={problem.status === 0 ? texts.networkRemedy : problem.remedy} />
      {props.onRetry === undefined ? null : (
        <Button isSmall onPress={props.onRetry}>
          {texts.tryAgain}
        </Button>
      )}
    </Notice>
  );
}

function ProblemRemedy(props: { readonly remedy: string | undefined }): JSX.Element | null {
  return props.remedy === undefined ? null : <p class="small">{props.remedy}</p>;
}
