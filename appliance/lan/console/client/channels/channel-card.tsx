// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Channel } from "../../../http-api/index.ts";
import { useAction } from "../api/use-action.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { channelName } from "../ui/channel-name.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Notice, ProblemNotice } from "../ui/notice.tsx";
import { ChangeChannelDialog } from "./change-channel-dialog.tsx";
import { ChannelState } from "./channel-state.tsx";
import { channelsTexts } from "./channels-texts.ts";
import { policyTexts } from "./policy-texts.ts";

function LastError(props: { readonly channel: Channel }): JSX.Element | null {
  const texts = useTexts(channelsTexts);
  const format = useApp().formatter.value;
  const { connection, isEnabled } = props.channel;
  if (!isEnabled || connection.status === "online" || connection.status === "connecting") return null;
  if (connection.message === undefined && connection.code === undefined) return null;
  return (
    <Notice tone={connection.status === "degraded" ? "warn" : "bad"}>
      <p class="breakable">{connection.message ?? connection.code}</p>
      {connection.retryAtMs === undefined ? null : (
        <p class="small soft">{texts.retryAt(format.time(connection.retryAtMs))}</p>
      )}
    </Notice>
  );
}

/** Facts of a channel in one line. */
function ChannelLine(props: { readonly channel: Channel }): JSX.Element {
  const texts = useTexts(channelsTexts);
  const policies = useTexts(policyTexts);
  const format = useApp().formatter.value;
  const { channel } = props;
  const parts = [
    channel.isBuiltIn ? texts.builtIn : channel.kind,
    ...(channel.isBuiltIn ? [] : [policies[channel.policy]]),
    channel.lastReceivedMs === null
      ? texts.nothingReceived
      : texts.lastReceived(format.dateTime(channel.lastReceivedMs)),
    ...(channel.pending > 0 ? [texts.pending(format.number(channel.pending))] : []),
  ];
  return <p class="small soft">{parts.join(" · ")}</p>;
}

/** A channel: its state, its last error, and what can be done with it. */
export function ChannelCard(props: { readonly channel: Channel; readonly onChanged: () => void }): JSX.Element {
  const app = useApp();
  const { channel } = props;
  const texts = useTexts(channelsTexts);
  const common = useTexts(commonTexts);
  const action = useAction();
  const removal = useAction();
  const [open, setOpen] = useState<"change" | "remove" | undefined>(undefined);
  const address = `/api/channels/${encodeURIComponent(channel.name)}`;
  const close = (): void => setOpen(undefined);
  const done = (): void => {
    close();
    props.onChanged();
  };
  return (
    <li class="card">
      <div class="card-head">
        <div class="row-main">
          <h2>{channelName(common, channel.name)}</h2>
          <ChannelLine channel={channel} />
        </div>
        {channel.isBuiltIn ? <Badge tone="good">{texts.online}</Badge> : <ChannelState channel={channel} />}
      </div>
      <LastError channel={channel} />
      {channel.kind === "webhook" ? (
        <p class="small soft breakable">
          {texts.webhookAddress}: <code>{`${window.location.origin}/hooks/${channel.name}`}</code>
        </p>
      ) : null}
      {action.problem === undefined ? null : <ProblemNotice problem={action.problem} />}
      {channel.isBuiltIn ? null : (
        <div class="buttons">
          <Button isSmall onPress={() => setOpen("change")}>
            {texts.change}
          </Button>
          <Button
            isSmall
            isDisabled={action.isRunning}
            onPress={() =>
              void action.run(() => app.api.send("PATCH", address, { isEnabled: !channel.isEnabled }), props.onChanged)
            }
          >
            {channel.isEnabled ? texts.pause : texts.resume}
          </Button>
          {channel.isEnabled ? (
            <Button
              isSmall
              isDisabled={action.isRunning}
              onPress={() => void action.run(() => app.api.send("POST", `${address}/restart`), props.onChanged)}
            >
              {texts.restart}
            </Button>
          ) : null}
          <Button isSmall kind="danger" onPress={() => setOpen("remove")}>
            {common.remove}
          </Button>
        </div>
      )}
      {open === "change" ? <ChangeChannelDialog channel={channel} onClose={close} onChanged={done} /> : null}
      {open === "remove" ? (
        <ConfirmDialog
          title={texts.removeTitle(channel.name)}
          confirm={common.remove}
          action={removal}
          onClose={close}
          onConfirm={() =>
            void removal.run(
              () => app.api.send("DELETE", address),
              () => {
                app.notice.value = texts.removed(channel.name);
                done();
              },
            )
          }
        >
          <p>{texts.removeBody}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
