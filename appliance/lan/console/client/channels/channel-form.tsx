// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Channel, ChannelKind } from "../../../http-api/index.ts";
import type { Action } from "../api/use-action.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { collectValues, type FieldProblem, type FormValues } from "../schema-form/collect-values.ts";
import { describeField } from "../schema-form/describe-field.ts";
import { readSchemaFields, type SchemaField } from "../schema-form/read-schema-fields.ts";
import { SchemaFieldInput } from "../schema-form/schema-field-input.tsx";
import { schemaFormTexts } from "../schema-form/schema-form-texts.ts";
import { Button } from "../ui/button.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { channelsTexts } from "./channels-texts.ts";
import { PolicyChoice } from "./policy-choice.tsx";

export interface ChannelFormProps {
  readonly kind: ChannelKind;
  /** The channel that is changed; absent: one is made. */
  readonly channel?: Channel;
  readonly submit: string;
  readonly action: Action;
  readonly onSubmit: (policy: Channel["policy"], config: Readonly<Record<string, unknown>>) => void;
  readonly onCancel: () => void;
}

function initialValues(fields: readonly SchemaField[], channel: Channel | undefined): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const stored = channel?.config[field.name];
      if (stored === undefined || stored === null) return [field.name, channel === undefined ? field.initial : ""];
      return [field.name, typeof stored === "boolean" ? stored : String(stored)];
    }),
  );
}

function ChannelField(props: {
  readonly field: SchemaField;
  /** A secret that is stored and stays when nothing is typed. */
  readonly isKept: boolean;
  readonly value: string | boolean;
  readonly problem: FieldProblem | undefined;
  readonly onChange: (value: string | boolean) => void;
}): JSX.Element {
  const { field, problem } = props;
  const texts = useTexts(channelsTexts);
  const common = useTexts(commonTexts);
  const formTexts = useTexts(schemaFormTexts);
  const said: Record<FieldProblem, string> = {
    required: common.required,
    "not-a-number": formTexts.notANumber,
    "not-an-address": formTexts.notAnAddress,
  };
  const described = describeField(formTexts, field);
  const isPlain = field.isRequired || field.isAdvanced || field.kind === "boolean";
  return (
    <SchemaFieldInput
      field={field}
      label={isPlain ? described.label : `${described.label} (${common.optional})`}
      hint={props.isKept ? texts.keepSecret : described.hint}
      value={props.value}
      problem={problem === undefined ? undefined : said[problem]}
      onChange={props.onChange}
    />
  );
}

/** The form of a channel, made from its manifest, and who may talk there. */
export function ChannelForm(props: ChannelFormProps): JSX.Element {
  const { kind, channel, action } = props;
  const common = useTexts(commonTexts);
  const formTexts = useTexts(schemaFormTexts);
  // A secret that is stored need not be typed again to change something else.
  const fields = readSchemaFields(kind.configSchema).map((field) =>
    channel?.secretsSet.includes(field.name) === true ? { ...field, isRequired: false } : field,
  );
  const [values, setValues] = useState<FormValues>(() => initialValues(fields, channel));
  const [policy, setPolicy] = useState<Channel["policy"]>(channel?.policy ?? "pairing");
  const [problems, setProblems] = useState<Readonly<Record<string, FieldProblem>>>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(problems).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [problems]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const collected = collectValues(fields, values);
    setProblems(collected.isComplete ? {} : collected.problems);
    if (collected.isComplete) props.onSubmit(policy, collected.config);
  };
  const renderField = (field: SchemaField): JSX.Element => (
    <ChannelField
      key={field.name}
      field={field}
      isKept={channel?.secretsSet.includes(field.name) === true}
      value={values[field.name] ?? ""}
      problem={problems[field.name]}
      onChange={(value) => setValues({ ...values, [field.name]: value })}
    />
  );
  const advanced = fields.filter((field) => field.isAdvanced);
  return (
    <form class="form" ref={form} noValidate onSubmit={submit}>
      {fields.filter((field) => !field.isAdvanced).map(renderField)}
      {advanced.length === 0 ? null : (
        <details open={advanced.some((field) => problems[field.name] !== undefined)}>
          <summary>{formTexts.more}</summary>
          <div class="form">{advanced.map(renderField)}</div>
        </details>
      )}
      <PolicyChoice value={policy} onChange={setPolicy} />
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      <div class="buttons end">
        <Button onPress={props.onCancel}>{common.cancel}</Button>
        <Button kind="primary" isSubmit isDisabled={action.isRunning}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}
