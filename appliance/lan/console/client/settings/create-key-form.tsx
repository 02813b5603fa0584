// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CreatedApiKey, KeyScope } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { SecretText } from "../ui/secret-text.tsx";
import { TextField } from "../ui/text-field.tsx";
import { settingsTexts } from "./settings-texts.ts";

function ScopeChoices(props: {
  readonly chosen: readonly KeyScope[];
  readonly onChange: (scopes: readonly KeyScope[]) => void;
}): JSX.Element {
  const texts = useTexts(settingsTexts);
  const scopes: readonly (readonly [KeyScope, string])[] = [
    ["agent", texts.scopeAgent],
    ["models", texts.scopeModels],
    ["metrics", texts.scopeMetrics],
    ["read", texts.scopeRead],
    ["admin", texts.scopeAdmin],
  ];
  return (
    <fieldset>
      <legend class="legend">{texts.keyScopes}</legend>
      <div class="grid choices">
        {scopes.map(([scope, text]) => (
          <label class="choice" key={scope}>
            <input
              type="checkbox"
              checked={props.chosen.includes(scope)}
              onChange={(event) =>
                props.onChange(
                  event.currentTarget.checked
                    ? [...props.chosen, scope]
                    : props.chosen.filter((other) => other !== scope),
                )
              }
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Makes a key, and shows it this once. */
export function CreateKeyForm(props: { readonly onCreated: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(settingsTexts);
  const action = useAction();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly KeyScope[]>(["agent", "models"]);
  const [created, setCreated] = useState<CreatedApiKey | undefined>(undefined);
  const create = (event: Event): void => {
    event.preventDefault();
    void action.run(
      () => app.api.send<CreatedApiKey>("POST", "/api/keys", { name: name.trim(), scopes }),
      (key) => {
        setCreated(key);
        setName("");
        props.onCreated();
      },
    );
  };
  return (
    <form class="form" onSubmit={create}>
      <TextField
        label={texts.keyName}
        placeholder={texts.keyNamePlaceholder}
        value={name}
        isRequired
        maxLength={64}
        onInput={setName}
      />
      <ScopeChoices chosen={scopes} onChange={setScopes} />
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      {created === undefined ? null : (
        <Notice tone="good" isUrgent>
          <p>{texts.keyCreated}</p>
          <SecretText text={created.key} />
        </Notice>
      )}
      <div class="buttons">
        <Button kind="primary" isSubmit isDisabled={action.isRunning || name.trim() === "" || scopes.length === 0}>
          {texts.createKey}
        </Button>
      </div>
    </form>
  );
}
