// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

/** What a control needs to be tied to its label, hint and problem. */
export interface FieldIds {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

/** A label over a control, with a hint and what is wrong with the value. */
export function Field(props: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly children: (ids: FieldIds) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  const hasHint = props.hint !== undefined && props.hint !== "";
  const described = [hasHint ? `${id}-hint` : "", props.problem === undefined ? "" : `${id}-problem`]
    .filter((part) => part !== "")
    .join(" ");
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children({
        id,
        ...(described === "" ? {} : { "aria-describedby": described }),
        ...(props.problem === undefined ? {} : { "aria-invalid": true }),
      })}
      {hasHint ? (
        <span class="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      ) : null}
      {props.problem === undefined ? null : (
        <span class="problem" id={`${id}-problem`}>
          {props.problem}
        </span>
      )}
    </div>
  );
}
