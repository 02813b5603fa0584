// SPDX-License-Identifier: AGPL-3.0-only
import type { ComponentChildren, JSX } from "preact";
import { Field } from "./field.tsx";

type TextType = "text" | "password" | "url" | "search";

/** One by one, because Preact's types tell the kinds of input apart. */
const inputTypes = {
  text: { type: "text" },
  password: { type: "password" },
  url: { type: "url" },
  search: { type: "search" },
} as const;

/** A {@link Field} with a line, or several, of text. */
export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly type?: TextType;
  readonly isMultiline?: boolean;
  readonly isRequired?: boolean;
  readonly autoComplete?: "off" | "new-password";
  readonly placeholder?: string;
  readonly maxLength?: number;
}): JSX.Element {
  return (
    <Field label={props.label} hint={props.hint} problem={props.problem}>
      {(ids) => {
        const common = {
          ...ids,
          class: "input",
          value: props.value,
          required: props.isRequired === true,
          ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
          ...(props.maxLength === undefined ? {} : { maxLength: props.maxLength }),
        };
        return props.isMultiline === true ? (
          <textarea {...common} onInput={(event) => props.onInput(event.currentTarget.value)} />
        ) : (
          <input
            {...common}
            {...inputTypes[props.type ?? "text"]}
            autocomplete={props.autoComplete ?? "off"}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
        );
      }}
    </Field>
  );
}
