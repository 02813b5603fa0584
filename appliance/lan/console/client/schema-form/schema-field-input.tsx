// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useTexts } from "../app/use-texts.ts";
import { Field } from "../ui/field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { describeChoice } from "./describe-field.ts";
import type { SchemaField } from "./read-schema-fields.ts";
import { schemaFormTexts } from "./schema-form-texts.ts";

/** The control of one field. A secret is never filled in by the browser's password store: it belongs to the agent. */
export function SchemaFieldInput(props: {
  readonly field: SchemaField;
  readonly label: string;
  readonly hint: string | undefined;
  readonly value: string | boolean;
  readonly problem: string | undefined;
  readonly onChange: (value: string | boolean) => void;
}): JSX.Element {
  const { field, label, hint, value, problem, onChange } = props;
  const texts = useTexts(schemaFormTexts);
  if (field.kind === "boolean") {
    return (
      <label class="choice">
        <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>
          {label}
          {hint === undefined ? null : <span class="soft small"> {hint}</span>}
        </span>
      </label>
    );
  }
  if (field.kind === "choice") {
    return (
      <Field label={label} hint={hint} problem={problem}>
        {(ids) => (
          <select
            {...ids}
            class="input"
            value={String(value)}
            onChange={(event) => onChange(event.currentTarget.value)}
          >
            {field.isRequired || field.initial !== "" ? null : <option value="" />}
            {field.choices.map((choice) => (
              <option key={choice} value={choice}>
                {describeChoice(texts, field.name, choice)}
              </option>
            ))}
          </select>
        )}
      </Field>
    );
  }
  return (
    <TextField
      label={label}
      hint={hint}
      problem={problem}
      value={String(value)}
      type={field.kind === "password" || field.kind === "url" ? field.kind : "text"}
      isMultiline={field.kind === "long-text"}
      isRequired={field.isRequired}
      autoComplete={field.kind === "password" ? "new-password" : "off"}
      onInput={onChange}
    />
  );
}
