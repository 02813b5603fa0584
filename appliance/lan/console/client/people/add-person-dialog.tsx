// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChannelList, Person } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { RoleSelect } from "../ui/role-select.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { peopleTexts } from "./people-texts.ts";

/** Adds somebody to the allow-list, with or without an address on a channel. */
export function AddPersonDialog(props: { readonly onClose: () => void; readonly onAdded: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(peopleTexts);
  const common = useTexts(commonTexts);
  const action = useAction();
  const channels = useResource<ChannelList>("/api/channels").value?.channels ?? [];
  const outside = channels.filter((channel) => !channel.isBuiltIn);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Person["role"]>("member");
  const [channel, setChannel] = useState("");
  const [address, setAddress] = useState("");
  const add = (event: Event): void => {
    event.preventDefault();
    const identities = channel === "" || address.trim() === "" ? [] : [{ channel, address: address.trim() }];
    void action.run(
      () => app.api.send<Person>("POST", "/api/people", { name: name.trim(), role, identities }),
      (person) => {
        app.notice.value = texts.added(person.name);
        props.onAdded();
      },
    );
  };
  return (
    <Dialog title={texts.add} onClose={props.onClose}>
      <form class="form" onSubmit={add}>
        <TextField label={texts.name} value={name} isRequired maxLength={128} onInput={setName} />
        <RoleSelect label={texts.role} value={role} onChange={setRole} />
        {outside.length === 0 ? null : (
          <SelectField
            label={`${texts.channel} (${common.optional})`}
            value={channel}
            options={[
              { value: "", text: texts.noAddress },
              ...outside.map((candidate) => ({ value: candidate.name, text: candidate.name })),
            ]}
            onChange={setChannel}
          />
        )}
        {channel === "" ? (
          <p class="small soft">{texts.addressHint}</p>
        ) : (
          <TextField label={texts.address} hint={texts.addressHint} value={address} isRequired onInput={setAddress} />
        )}
        {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
        <div class="buttons end">
          <Button onPress={props.onClose}>{common.cancel}</Button>
          <Button kind="primary" isSubmit isDisabled={action.isRunning || name.trim() === ""}>
            {texts.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
