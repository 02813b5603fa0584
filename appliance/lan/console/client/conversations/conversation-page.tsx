// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ConversationDetail } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { channelName } from "../ui/channel-name.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Page } from "../ui/page.tsx";
import { ConversationMessageItem } from "./conversation-message.tsx";
import { conversationsTexts } from "./conversations-texts.ts";

const refreshMs = 2000;
const step = 100;

/** One conversation, refreshed while it is looked at. */
export function ConversationPage(props: { readonly id: string }): JSX.Element {
  const texts = useTexts(conversationsTexts);
  const common = useTexts(commonTexts);
  const [limit, setLimit] = useState(step);
  const detail = useResource<ConversationDetail>(
    `/api/conversations/${encodeURIComponent(props.id)}?limit=${limit}`,
    refreshMs,
  );
  const conversation = detail.value?.conversation;
  const title =
    conversation === undefined
      ? texts.title
      : texts.with(conversation.personName ?? texts.stranger, channelName(common, conversation.channel));
  return (
    <Page
      title={title}
      actions={
        <>
          {conversation?.isAnswering === true ? <Badge tone="good">{texts.answering}</Badge> : null}
          <a class="button" href="/conversations">
            <Icon name="back" />
            {texts.back}
          </a>
        </>
      }
    >
      <Loaded resource={detail}>
        {({ messages, next }) =>
          messages.length === 0 ? (
            <EmptyState icon="conversations" title={texts.noMessages} />
          ) : (
            <>
              {next === null || limit >= 500 ? null : (
                <div class="buttons">
                  <Button isSmall onPress={() => setLimit(Math.min(500, limit + step))}>
                    {texts.earlier}
                  </Button>
                </div>
              )}
              <ol class="messages">
                {[...messages].reverse().map((message) => (
                  <ConversationMessageItem key={message.id} message={message} />
                ))}
              </ol>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
