// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Channel, ChannelKindList } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { readSchemaFields } from "../schema-form/read-schema-fields.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ChannelForm } from "./channel-form.tsx";
import { channelsTexts } from "./channels-texts.ts";

const emptyKind = { version: "", loginKinds: [], configSchema: {}, capabilities: {} };

/** Changes who may talk on a channel, and its configuration. */
export function ChangeChannelDialog(props: {
  readonly channel: Channel;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}): JSX.Element {
  const app = useApp();
  const { channel } = props;
  const texts = useTexts(channelsTexts);
  const common = useTexts(commonTexts);
  const action = useAction();
  const kinds = useResource<ChannelKindList>("/api/channels/kinds");
  const kind = kinds.value?.kinds.find((candidate) => candidate.kind === channel.kind);
  const asked = readSchemaFields(kind?.configSchema ?? {}).map((field) => field.name);
  const save = (policy: Channel["policy"], config: Readonly<Record<string, unknown>>): void => {
    // What was emptied is taken away; a secret left empty stays, and so does what the form cannot ask for.
    const removed = asked.filter((key) => channel.config[key] !== undefined && config[key] === undefined);
    const changed = Object.entries(config).filter(([key, value]) => channel.config[key] !== value);
    const changes = Object.fromEntries([...removed.map((key) => [key, null] as const), ...changed]);
    const body = { policy, ...(Object.keys(changes).length === 0 ? {} : { config: changes }) };
    void action.run(
      () => app.api.send<Channel>("PATCH", `/api/channels/${encodeURIComponent(channel.name)}`, body),
      () => {
        app.notice.value = common.saved;
        props.onChanged();
      },
    );
  };
  return (
    <Dialog title={texts.changeTitle(channel.name)} onClose={props.onClose}>
      <Loaded resource={kinds}>
        {() => {
          // A kind that this version does not know any more: who may talk there can still be changed.
          const formKind = kind ?? { ...emptyKind, kind: channel.kind, name: channel.kind };
          return (
            <ChannelForm
              kind={formKind}
              channel={channel}
              submit={common.save}
              action={action}
              onSubmit={save}
              onCancel={props.onClose}
            />
          );
        }}
      </Loaded>
    </Dialog>
  );
}
