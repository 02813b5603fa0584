// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiKey, ApiKeyList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { CreateKeyForm } from "./create-key-form.tsx";
import { settingsTexts } from "./settings-texts.ts";

function KeyRow(props: { readonly apiKey: ApiKey; readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const texts = useTexts(settingsTexts);
  const format = app.formatter.value;
  const action = useAction();
  const [isAsking, setAsking] = useState(false);
  const { apiKey } = props;
  const facts = [
    apiKey.scopes.join(", "),
    texts.created(format.dateTime(apiKey.createdMs)),
    apiKey.lastUsedMs === null ? texts.neverUsed : texts.lastUsed(format.dateTime(apiKey.lastUsedMs)),
    ...(apiKey.expiresMs === null ? [] : [texts.expires(format.dateTime(apiKey.expiresMs))]),
  ];
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{apiKey.name}</span>
        <span class="small soft">{facts.join(" · ")}</span>
      </div>
      <Button isSmall kind="danger" label={`${texts.revoke}: ${apiKey.name}`} onPress={() => setAsking(true)}>
        {texts.revoke}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={texts.revokeTitle(apiKey.name)}
          confirm={texts.revoke}
          action={action}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            void action.run(
              () => app.api.send("DELETE", `/api/keys/${encodeURIComponent(apiKey.id)}`),
              () => {
                app.notice.value = texts.revoked;
                setAsking(false);
                props.onChanged();
              },
            )
          }
        >
          <p>{texts.revokeBody}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

/** Keys for programs. */
export function KeysCard(): JSX.Element {
  const texts = useTexts(settingsTexts);
  const keys = useResource<ApiKeyList>("/api/keys");
  return (
    <Card title={texts.keysTitle}>
      <p class="soft breakable">
        {texts.keysLead} <code>{`${window.location.origin}/v1`}</code>
      </p>
      <Loaded resource={keys}>
        {(list) =>
          list.keys.length === 0 ? (
            <p class="soft">{texts.keysEmpty}</p>
          ) : (
            <ul class="rows">
              {list.keys.map((key) => (
                <KeyRow key={key.id} apiKey={key} onChanged={keys.reload} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <CreateKeyForm onCreated={keys.reload} />
    </Card>
  );
}
