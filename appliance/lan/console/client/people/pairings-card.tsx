// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Pairing, PairingList, Person } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import type { Resource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { RoleSelect } from "../ui/role-select.tsx";
import { TextField } from "../ui/text-field.tsx";
import { peopleTexts } from "./people-texts.ts";

function PairingRow(props: { readonly pairing: Pairing; readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(peopleTexts);
  const format = app.formatter.value;
  const action = useAction();
  const { pairing } = props;
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{pairing.displayName ?? pairing.address}</span>
        <span class="small soft breakable">
          {pairing.channel} · {pairing.address} · {texts.asked(format.dateTime(pairing.requestedMs))} ·{" "}
          {texts.expires(format.dateTime(pairing.expiresMs))}
        </span>
        {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      </div>
      <Button
        isSmall
        kind="danger"
        isDisabled={action.isRunning}
        label={`${texts.deny}: ${pairing.displayName ?? pairing.address}`}
        onPress={() =>
          void action.run(
            () => app.api.send("POST", "/api/pairing/deny", { id: pairing.id }),
            () => {
              app.notice.value = texts.denied;
              props.onChanged();
            },
          )
        }
      >
        {texts.deny}
      </Button>
    </li>
  );
}

/** Lets a stranger in by the code they tell. */
function LetInForm(props: { readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(peopleTexts);
  const action = useAction();
  const [code, setCode] = useState("");
  const [role, setRole] = useState<Person["role"]>("member");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run(
          () => app.api.send<Person>("POST", "/api/pairing/approve", { code: code.trim(), role }),
          (person) => {
            setCode("");
            app.notice.value = texts.letInDone(person.name);
            props.onChanged();
          },
        );
      }}
    >
      <div class="form-row">
        <TextField label={texts.code} value={code} isRequired maxLength={32} onInput={setCode} />
        <RoleSelect label={texts.role} value={role} onChange={setRole} />
        <Button kind="primary" isSubmit isDisabled={action.isRunning || code.trim() === ""}>
          {texts.letIn}
        </Button>
      </div>
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
    </form>
  );
}

/** Strangers with a code, who wait for the owner's word. */
export function PairingsCard(props: {
  readonly pairings: Resource<PairingList>;
  readonly onChanged: () => void;
}): JSX.Element {
  const texts = useTexts(peopleTexts);
  return (
    <Card title={texts.pairingsTitle} lead={texts.pairingsLead}>
      <Loaded resource={props.pairings}>
        {(list) =>
          list.pairings.length === 0 ? (
            <p class="soft">{texts.pairingsEmpty}</p>
          ) : (
            <ul class="rows">
              {list.pairings.map((pairing) => (
                <PairingRow key={pairing.id} pairing={pairing} onChanged={props.onChanged} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <LetInForm onChanged={props.onChanged} />
    </Card>
  );
}
