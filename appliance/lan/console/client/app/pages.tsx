// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import type { Session } from "../../../http-api/index.ts";
import { ActivityPage } from "../activity/activity-page.tsx";
import { ChannelsPage } from "../channels/channels-page.tsx";
import { ChatPage } from "../chat/chat-page.tsx";
import { ConversationPage } from "../conversations/conversation-page.tsx";
import { ConversationsPage } from "../conversations/conversations-page.tsx";
import { HomePage } from "../home/home-page.tsx";
import { commonTexts } from "../i18n/common-texts.ts";
import { KnowledgePage } from "../knowledge/knowledge-page.tsx";
import { ModelsPage } from "../models/models-page.tsx";
import { PeoplePage } from "../people/people-page.tsx";
import { SettingsPage } from "../settings/settings-page.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Page } from "../ui/page.tsx";
import type { Route } from "./create-router.ts";
import { canManage, navigationEntries, pageAddress } from "./navigation-entries.ts";
import { useTexts } from "./use-texts.ts";

const pages: Readonly<Record<string, () => JSX.Element>> = {
  home: HomePage,
  chat: ChatPage,
  conversations: ConversationsPage,
  channels: ChannelsPage,
  people: PeoplePage,
  models: ModelsPage,
  knowledge: KnowledgePage,
  activity: ActivityPage,
  settings: SettingsPage,
};

/** The page of an address, as far as the role may see it. */
export function CurrentPage(props: { readonly route: Route; readonly session: Session }): JSX.Element {
  const texts = useTexts(commonTexts);
  const { route, session } = props;
  const entries = navigationEntries(session.person.role);
  const isFirstPage = route.page === "home" || route.page === "sign-in";
  const page = isFirstPage ? (canManage(session.person.role) ? "home" : "chat") : route.page;
  const isOpen = entries.some((entry) => entry.page === page);
  if (isOpen && page === "conversations" && route.item !== undefined) return <ConversationPage id={route.item} />;
  const Found = isOpen && route.item === undefined ? pages[page] : undefined;
  if (Found !== undefined) return <Found />;
  return (
    <Page title={texts.notFoundTitle}>
      <EmptyState icon="info" title={texts.notFoundBody}>
        <a class="button" href={pageAddress("home")}>
          {texts.goHome}
        </a>
      </EmptyState>
    </Page>
  );
}
