// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import type { Resource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { ProblemNotice } from "./notice.tsx";

/** Grey bars in the place of what is being read. */
export function Skeleton(): JSX.Element {
  const texts = useTexts(commonTexts);
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{texts.loading}</span>
      <span />
      <span />
      <span />
    </div>
  );
}

/** The three states of everything that is read from the box: loading, failed, there (perhaps with a failed refresh). */
export function Loaded<Value>(props: {
  readonly resource: Resource<Value>;
  readonly children: (value: Value) => ComponentChildren;
}): JSX.Element {
  const { value, problem, reload } = props.resource;
  return (
    <>
      {problem === undefined ? null : <ProblemNotice problem={problem} onRetry={reload} />}
      {value === undefined ? problem === undefined ? <Skeleton /> : null : props.children(value)}
    </>
  );
}
