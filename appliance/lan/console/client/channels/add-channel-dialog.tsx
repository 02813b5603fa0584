// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Channel, ChannelKind, ChannelKindList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { ChannelForm } from "./channel-form.tsx";
import { channelsTexts } from "./channels-texts.ts";

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

function freeName(kind: string, taken: readonly string[]): string {
  if (!taken.includes(kind)) return kind;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${kind}-${number}`)) return `${kind}-${number}`;
  }
}

function NewChannel(props: {
  readonly kinds: readonly ChannelKind[];
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onAdded: () => void;
}): JSX.Element | null {
  const app = useApp();
  const texts = useTexts(channelsTexts);
  const action = useAction();
  const [chosen, setChosen] = useState(props.kinds[0]?.kind ?? "");
  const [name, setName] = useState(() => freeName(chosen, props.taken));
  const kind = props.kinds.find((candidate) => candidate.kind === chosen);
  if (kind === undefined) return null;
  const isNameGood = namePattern.test(name);
  const add = (policy: Channel["policy"], config: Readonly<Record<string, unknown>>): void => {
    if (!isNameGood) return;
    void action.run(
      () => app.api.send<Channel>("POST", "/api/channels", { kind: kind.kind, name, policy, config }),
      (channel) => {
        app.notice.value = texts.added(channel.name);
        props.onAdded();
      },
    );
  };
  return (
    <>
      <div class="form-row">
        <SelectField
          label={texts.kind}
          value={chosen}
          options={props.kinds.map((candidate) => ({ value: candidate.kind, text: candidate.name }))}
          onChange={(value) => {
            setChosen(value);
            setName(freeName(value, props.taken));
            action.clear();
          }}
        />
      </div>
      <TextField
        label={texts.name}
        hint={texts.nameHint}
        problem={isNameGood ? undefined : texts.nameProblem}
        value={name}
        isRequired
        onInput={setName}
      />
      <ChannelForm
        key={kind.kind}
        kind={kind}
        submit={texts.connect}
        action={action}
        onSubmit={add}
        onCancel={props.onClose}
      />
    </>
  );
}

/** Adds a channel: service, name, what its manifest asks for, who may talk. */
export function AddChannelDialog(props: {
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onAdded: () => void;
}): JSX.Element {
  const texts = useTexts(channelsTexts);
  const kinds = useResource<ChannelKindList>("/api/channels/kinds");
  return (
    <Dialog title={texts.addTitle} onClose={props.onClose}>
      <Loaded resource={kinds}>
        {(list) => (
          <NewChannel kinds={list.kinds} taken={props.taken} onClose={props.onClose} onAdded={props.onAdded} />
        )}
      </Loaded>
    </Dialog>
  );
}
