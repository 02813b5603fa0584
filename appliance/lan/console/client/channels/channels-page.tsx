// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChannelList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Page } from "../ui/page.tsx";
import { AddChannelDialog } from "./add-channel-dialog.tsx";
import { ChannelCard } from "./channel-card.tsx";
import { channelsTexts } from "./channels-texts.ts";

const refreshMs = 5000;

/** Where people can write to the agent: state, adding, changing, pausing, removing. */
export function ChannelsPage(): JSX.Element {
  const texts = useTexts(channelsTexts);
  const channels = useResource<ChannelList>("/api/channels", refreshMs);
  const [isAdding, setAdding] = useState(false);
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
          {texts.add}
        </Button>
      }
    >
      <Loaded resource={channels}>
        {(list) => (
          <>
            {list.channels.some((channel) => !channel.isBuiltIn) ? null : (
              <section class="card">
                <EmptyState icon="channels" title={texts.emptyTitle}>
                  <p>{texts.emptyBody}</p>
                </EmptyState>
              </section>
            )}
            <ul class="rows stack">
              {[...list.channels]
                .sort((one, other) => Number(one.isBuiltIn) - Number(other.isBuiltIn))
                .map((channel) => (
                  <ChannelCard key={channel.name} channel={channel} onChanged={channels.reload} />
                ))}
            </ul>
          </>
        )}
      </Loaded>
      {isAdding ? (
        <AddChannelDialog
          taken={channels.value?.channels.map((channel) => channel.name) ?? []}
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            channels.reload();
          }}
        />
      ) : null}
    </Page>
  );
}
