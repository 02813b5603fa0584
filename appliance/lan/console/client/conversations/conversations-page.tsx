// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Conversation, ConversationList } from "../../../http-api/index.ts";
import { useResource } from "../api/use-resource.ts";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { commonTexts } from "../i18n/common-texts.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { channelName } from "../ui/channel-name.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Page } from "../ui/page.tsx";
import { conversationsTexts } from "./conversations-texts.ts";

const refreshMs = 4000;
const step = 50;

function ConversationRow(props: { readonly conversation: Conversation }): JSX.Element {
  const texts = useTexts(conversationsTexts);
  const common = useTexts(commonTexts);
  const format = useApp().formatter.value;
  const { conversation } = props;
  return (
    <li class="row">
      <div class="row-main">
        <a class="row-title" href={`/conversations/${encodeURIComponent(conversation.id)}`}>
          {conversation.personName ?? texts.stranger}
        </a>
        <span class="small soft">
          {channelName(common, conversation.channel)} · {texts.messages(format.number(conversation.messageCount))}
        </span>
      </div>
      <div class="buttons">
        {conversation.isAnswering ? <Badge tone="good">{texts.answering}</Badge> : null}
        <time class="small soft" dateTime={new Date(conversation.lastMessageMs).toISOString()}>
          {format.dateTime(conversation.lastMessageMs)}
        </time>
      </div>
    </li>
  );
}

/** All conversations, the latest first; of a member or guest, their own. */
export function ConversationsPage(): JSX.Element {
  const app = useApp();
  const texts = useTexts(conversationsTexts);
  const common = useTexts(commonTexts);
  const [limit, setLimit] = useState(step);
  const list = useResource<ConversationList>(`/api/conversations?limit=${limit}`, refreshMs);
  const session = app.session.value;
  const isOwner = session.status === "signed-in" && session.session.person.role === "owner";
  return (
    <Page title={texts.title} lead={isOwner ? texts.lead : texts.ownLead}>
      <section class="card" aria-label={texts.title}>
        <Loaded resource={list}>
          {({ conversations, next }) =>
            conversations.length === 0 ? (
              <EmptyState icon="conversations" title={texts.emptyTitle}>
                <p>{texts.emptyBody}</p>
                <a class="button" href="/chat">
                  {common.chat}
                </a>
              </EmptyState>
            ) : (
              <>
                <ul class="rows">
                  {conversations.map((conversation) => (
                    <ConversationRow key={conversation.id} conversation={conversation} />
                  ))}
                </ul>
                {next === null || limit >= 500 ? null : (
                  <Button onPress={() => setLimit(Math.min(500, limit + step))}>{common.showMore}</Button>
                )}
              </>
            )
          }
        </Loaded>
      </section>
    </Page>
  );
}
