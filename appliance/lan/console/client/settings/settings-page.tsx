// SPDX-License-Identifier: AGPL-3.0-only
import type { JSX } from "preact";
import { useTexts } from "../app/use-texts.ts";
import { Page } from "../ui/page.tsx";
import { AuditCard } from "./audit-card.tsx";
import { BoxCard } from "./box-card.tsx";
import { KeysCard } from "./keys-card.tsx";
import { LinkCard } from "./link-card.tsx";
import { settingsTexts } from "./settings-texts.ts";

/** The box's settings, keys, sign-in links and audit log. Language and appearance are in the header of every page. */
export function SettingsPage(): JSX.Element {
  const texts = useTexts(settingsTexts);
  return (
    <Page title={texts.title}>
      <BoxCard />
      <LinkCard />
      <KeysCard />
      <AuditCard />
    </Page>
  );
}
