// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Link, PersonList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { roleName } from "../ui/role-name.ts";
import { SecretText } from "../ui/secret-text.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { settingsTexts } from "./settings-texts.ts";

function LinkForm(props: { readonly people: PersonList["people"] }): JSX.Element {
  const app = useApp();
  const texts = useTexts(settingsTexts);
  const common = useTexts(commonTexts);
  const format = app.formatter.value;
  const action = useAction();
  const [personId, setPersonId] = useState(props.people[0]?.id ?? "");
  const [link, setLink] = useState<Link | undefined>(undefined);
  const make = (event: Event): void => {
    event.preventDefault();
    void action.run(() => app.api.send<Link>("POST", "/api/links", { personId }), setLink);
  };
  return (
    <form class="form" onSubmit={make}>
      <div class="form-row">
        <SelectField
          label={texts.linkPerson}
          value={personId}
          options={props.people.map((person) => ({
            value: person.id,
            text: `${person.name} (${roleName(common, person.role)})`,
          }))}
          onChange={(chosen) => {
            setPersonId(chosen);
            setLink(undefined);
          }}
        />
        <Button isSubmit isDisabled={action.isRunning || personId === ""}>
          {texts.makeLink}
        </Button>
      </div>
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      {link === undefined ? null : (
        <Notice tone="good" isUrgent>
          <p>{texts.linkExpires(format.dateTime(link.expiresMs))}</p>
          <SecretText text={link.url} />
        </Notice>
      )}
    </form>
  );
}

/** A one-time link that signs somebody's browser in. */
export function LinkCard(): JSX.Element {
  const texts = useTexts(settingsTexts);
  const people = useResource<PersonList>("/api/people");
  return (
    <Card title={texts.linkTitle} lead={texts.linkLead}>
      <Loaded resource={people}>
        {(list) => <LinkForm people={list.people.filter((person) => !person.isBlocked)} />}
      </Loaded>
    </Card>
  );
}
