// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useApp } from "../app/app-context.ts";
import { useTexts } from "../app/use-texts.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Skeleton } from "../ui/loaded.tsx";
import { Notice } from "../ui/notice.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { AnswerAnnouncer } from "./answer-announcer.tsx";
import { ChatItemView } from "./chat-item-view.tsx";
import { chatTexts } from "./chat-texts.ts";
import { Composer } from "./composer.tsx";
import { GuideNote } from "./guide-note.tsx";
import { type ChatItem, listChatItems } from "./list-chat-items.ts";
import { useFollowEnd } from "./use-follow-end.ts";

function ChatHead(): JSX.Element {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const { conversation, conversations } = chat.state.value;
  const isListed = conversations.some((known) => known.conversation === conversation);
  const options = [
    ...(isListed || conversation === undefined ? [] : [{ value: conversation, text: texts.untitled }]),
    ...conversations.map((known) => ({ value: known.conversation, text: known.title || texts.untitled })),
  ];
  return (
    <div class="page-head">
      <h1 tabIndex={-1}>{texts.title}</h1>
      <div class="buttons">
        {conversations.length === 0 || conversation === undefined ? null : (
          <SelectField
            label={texts.conversation}
            isLabelHidden
            value={conversation}
            options={options}
            onChange={(chosen) => chat.openConversation(chosen)}
          />
        )}
        <Button icon="plus" onPress={() => chat.newConversation()}>
          {texts.newConversation}
        </Button>
      </div>
      <GuideNote />
    </div>
  );
}

function ConnectionBanner(): JSX.Element | null {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const { link, problem } = chat.state.value;
  const isLost = link === "waiting" || (link === "connecting" && chat.state.value.conversation !== undefined);
  return (
    <div role="status">
      {isLost ? (
        <Notice tone="warn">
          <p>{texts.offline}</p>
          {link === "connecting" ? (
            <p class="small soft">{texts.connecting}</p>
          ) : (
            <Button isSmall onPress={() => chat.reconnectNow()}>
              {texts.reconnectNow}
            </Button>
          )}
        </Notice>
      ) : problem === undefined ? null : (
        <Notice tone="bad">
          <p>{problem}</p>
        </Notice>
      )}
    </div>
  );
}

function Beginning(): JSX.Element {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const suggestions = [texts.suggestionChannel, texts.suggestionPeople, texts.suggestionData];
  return (
    <EmptyState icon="chat" title={texts.emptyTitle}>
      <p>{texts.emptyBody}</p>
      <div class="suggestions">
        {suggestions.map((suggestion) => (
          <Button key={suggestion} isSmall onPress={() => chat.send(suggestion)}>
            {suggestion}
          </Button>
        ))}
      </div>
    </EmptyState>
  );
}

function Messages(props: { readonly items: readonly ChatItem[] }): JSX.Element {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const { hasEarlier } = chat.state.value;
  const follow = useFollowEnd<HTMLElement>(props.items);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="chat-scroll" ref={follow.area} onScroll={follow.onScroll} tabIndex={0} aria-label={texts.messages}>
      {hasEarlier ? (
        <div class="suggestions">
          <Button isSmall onPress={() => chat.loadEarlier()}>
            {texts.earlier}
          </Button>
        </div>
      ) : null}
      <ol class="messages">
        {props.items.map((item) => (
          <ChatItemView key={item.key} item={item} />
        ))}
      </ol>
    </section>
  );
}

/** The chat with the agent in the browser. */
export function ChatPage(): JSX.Element {
  const { chat } = useApp();
  const texts = useTexts(chatTexts);
  const state = chat.state.value;
  useEffect(() => {
    document.title = `${texts.title} · Hearth`;
  }, [texts.title]);
  const items = listChatItems(state);
  const isLoading = items.length === 0 && !state.isCaughtUp;
  return (
    <div class="chat">
      <ChatHead />
      <ConnectionBanner />
      {items.length > 0 ? (
        <Messages items={items} />
      ) : (
        <div class="chat-scroll">{isLoading ? <Skeleton /> : <Beginning />}</div>
      )}
      <AnswerAnnouncer items={items} />
      <Composer isAnswering={items.some((item) => item.kind === "live")} />
    </div>
  );
}
