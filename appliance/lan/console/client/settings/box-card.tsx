// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Settings } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ProblemNotice } from "../ui/notice.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { settingsTexts } from "./settings-texts.ts";

const hostPattern = /^[a-z0-9.-]{1,253}$/;

function BoxForm(props: { readonly settings: Settings; readonly onSaved: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(settingsTexts);
  const common = useTexts(commonTexts);
  const action = useAction();
  const [boxName, setBoxName] = useState(props.settings.boxName);
  const [language, setLanguage] = useState(props.settings.language);
  const [hosts, setHosts] = useState(props.settings.allowedHosts.join("\n"));
  const allowedHosts = hosts
    .split(/\s+/)
    .filter((host) => host !== "")
    .map((host) => host.toLowerCase());
  const areHostsGood = allowedHosts.every((host) => hostPattern.test(host));
  const save = (event: Event): void => {
    event.preventDefault();
    if (!areHostsGood) return;
    void action.run(
      () => app.api.send<Settings>("PUT", "/api/settings", { boxName: boxName.trim(), language, allowedHosts }),
      () => {
        app.notice.value = common.saved;
        props.onSaved();
      },
    );
  };
  return (
    <form class="form" onSubmit={save}>
      <TextField
        label={texts.boxName}
        hint={texts.boxNameHint}
        value={boxName}
        isRequired
        maxLength={64}
        onInput={setBoxName}
      />
      <SelectField<Settings["language"]>
        label={texts.boxLanguage}
        value={language}
        options={[
          { value: "en", text: "English" },
          { value: "zh", text: "简体中文" },
        ]}
        onChange={setLanguage}
      />
      <TextField
        label={texts.hosts}
        hint={texts.hostsHint}
        problem={areHostsGood ? undefined : texts.hostsProblem}
        value={hosts}
        isMultiline
        onInput={setHosts}
      />
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      <div class="buttons">
        <Button kind="primary" isSubmit isDisabled={action.isRunning || boxName.trim() === ""}>
          {common.save}
        </Button>
      </div>
    </form>
  );
}

/** The box's own settings. */
export function BoxCard(): JSX.Element {
  const texts = useTexts(settingsTexts);
  const settings = useResource<Settings>("/api/settings");
  return (
    <Card title={texts.boxTitle}>
      <Loaded resource={settings}>{(value) => <BoxForm settings={value} onSaved={settings.reload} />}</Loaded>
    </Card>
  );
}
