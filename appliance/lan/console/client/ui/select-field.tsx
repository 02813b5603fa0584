// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** One of few values. `isLabelHidden`: the label is for screen readers, where the place says it to the eye. */
export function SelectField<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly isDisabled?: boolean }[];
  readonly onChange: (value: Value) => void;
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={props.isLabelHidden === true ? "visually-hidden" : ""}>
        {props.label}
      </label>
      <select
        id={id}
        class="input"
        value={props.value}
        disabled={props.isDisabled === true}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.currentTarget.value);
          if (chosen !== undefined) props.onChange(chosen.value);
        }}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.isDisabled === true}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
